"""``OneCycle`` becomes ``OneCycleLR``, and ``cyclic`` two cosines.

``OneCycle`` replaces the learning rate by ``max_lr`` in both generations. ``cyclic`` goes up for
``step_ratio_up`` of the training to ``target_ratio[0]`` times the value, and down to
``target_ratio[1]`` times it: two cosines, with these ratios as ``eta_min_ratio``. (mmdet3d's own
ports write the bare ratio of the momentum where the momentum times the ratio is meant.) The up
phase ends within an epoch, so under an epoch loop both are converted to iterations.

Several cycles each began at the learning rate again, at once, which mmengine cannot; with
``gamma`` they became lower. They come as close as cosines do.

Sources: mmcv 1.7.2, runner/hooks/lr_updater.py and momentum_updater.py; mmengine,
optim/scheduler/param_scheduler.py (``OneCycleParamScheduler``,
``CosineAnnealingParamScheduler``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.facts.units import Unit
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example
from mmscaffold.upgrade.scheduling import OldSchedule, is_number, schedules

ID, PACKAGE = "UPR-08 schedule-cycles", ANY
WRITES = ("param_scheduler",)
AFTER = ("UPR-09 schedule-warm-up",)
_CONVERTED = "by_epoch=True, convert_to_iter_based=True"
EXAMPLES = (
    Example(
        "total_epochs = 12\nlr_config = dict(policy='OneCycle', max_lr=0.1, pct_start=0.4)\n",
        f"param_scheduler = [dict(type='OneCycleLR', {_CONVERTED}, eta_max=0.1,\n"
        "                        pct_start=0.4, total_steps=12)]\n",
    ),
    Example(
        "total_epochs = 20\nlr_config = dict(policy='cyclic')\n",
        "param_scheduler = [\n"
        f"    dict(type='CosineAnnealingLR', {_CONVERTED}, begin=0, end=8, eta_min_ratio=10),\n"
        f"    dict(type='CosineAnnealingLR', {_CONVERTED}, begin=8, end=20,\n"
        "         eta_min_ratio=1e-4),\n]\n",
    ),
    Example(
        "runner = dict(type='IterBasedRunner', max_iters=999)\n"
        "momentum_config = dict(policy='cyclic', target_ratio=(0.85 / 0.95, 1),\n"
        "                       cyclic_times=1, step_ratio_up=0.4)\n",
        "param_scheduler = [\n"
        "    dict(type='CosineAnnealingMomentum', by_epoch=False, begin=0, end=399,\n"
        "         eta_min_ratio=0.85 / 0.95),\n"
        "    dict(type='CosineAnnealingMomentum', by_epoch=False, begin=399, end=999,\n"
        "         eta_min_ratio=1),\n]\n",
    ),
    Example(
        "runner = dict(type='IterBasedRunner', max_iters=100)\n"
        "lr_config = dict(policy='cyclic', target_ratio=(2, 0.5), cyclic_times=2)\n",
        "param_scheduler = [\n"
        "    dict(type='CosineAnnealingLR', by_epoch=False, begin=0, end=20, eta_min_ratio=2),\n"
        "    dict(type='CosineAnnealingLR', by_epoch=False, begin=20, end=50,\n"
        "         eta_min_ratio=0.5),\n"
        "    dict(type='CosineAnnealingLR', by_epoch=False, begin=50, end=70, eta_min_ratio=2),\n"
        "    dict(type='CosineAnnealingLR', by_epoch=False, begin=70, end=100,\n"
        "         eta_min_ratio=0.5),\n]\n",
        ("UP208",),
    ),
)
_SAME = ("pct_start", "anneal_strategy", "div_factor", "final_div_factor", "three_phase")
_RATIOS = {False: (10, 1e-4), True: (0.85 / 0.95, 1.0)}


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the cycles."""
    for schedule in schedules(old, "OneCycle", "Cyclic"):
        if schedule.policy == "Cyclic":
            yield from _cyclic(schedule, new)
        elif schedule.is_momentum:
            yield schedule.leave("policy", "mmengine has no OneCycle of the momentum")
        else:
            yield from _one_cycle(schedule, new)
        yield from schedule.end()


def _one_cycle(schedule: OldSchedule, new: New) -> Iterator[Note]:
    part = schedule.part
    whole = part.get("total_steps") is None
    made = _begun(schedule, new, "OneCycle", converts=whole)
    if isinstance(part.get("max_lr"), list | dict | tuple):
        yield schedule.leave("max_lr", "each parameter group has a max_lr of its own")
    part.move("max_lr", made, "eta_max")
    for key in _SAME:
        part.move(key, made)
    if not whole:
        part.move("total_steps", made)
        return
    part.take("total_steps")
    if schedule.old.length is None:
        yield schedule.leave("policy", "the length of the cycle is not known")
    else:
        made.put("total_steps", schedule.old.length)


def _begun(schedule: OldSchedule, new: New, family: str, *, converts: bool) -> New:
    """A scheduler that steps at each iteration, with its numbers in the unit of the loop."""
    by_epoch = converts and schedule.old.unit is not Unit.ITERATIONS
    made = schedule.scheduler(new, family, by_epoch=by_epoch)
    if by_epoch:
        made.put("convert_to_iter_based", True)
    return made


def _cyclic(schedule: OldSchedule, new: New) -> Iterator[Note]:
    part, length = schedule.part, schedule.old.length
    ratios = _ratios(part.get("target_ratio", _RATIOS[schedule.is_momentum]))
    up, times = schedule.number("step_ratio_up", 0.4), part.get("cyclic_times", 1)
    if length is None or ratios is None or up is None or not _is_count(times):
        yield schedule.leave("policy", "the numbers of the cycles are not known")
        for key in ("target_ratio", "step_ratio_up", "cyclic_times", "anneal_strategy", "gamma"):
            part.leave_to_note(key)
        return
    by_iteration = schedule.old.unit is Unit.ITERATIONS
    cycle = length // times if by_iteration else _tidy(length / times)
    rise = int(up * cycle) if by_iteration else _tidy(up * cycle)
    gamma = schedule.number("gamma", 1)
    for number in range(times):
        scale = 1 if gamma is None else gamma**number
        begin = number * cycle
        for first, last, ratio in (
            (begin, begin + rise, 1 - scale + ratios[0] * scale),
            (begin + rise, begin + cycle, ratios[1]),
        ):
            if last > first:
                made = _begun(schedule, new, "CosineAnnealing", converts=True)
                made.put("begin", first if by_iteration else _tidy(first))
                made.put("end", last if by_iteration else _tidy(last))
                made.put("eta_min_ratio", ratio)
    for key in ("target_ratio", "step_ratio_up"):
        part.take(key)
    yield from _different(schedule, times, gamma)


def _different(schedule: OldSchedule, times: int, gamma: float | None) -> Iterator[Note]:
    part = schedule.part
    if times > 1:
        message = f"each of {times} cycles began at the full value again; mmengine's cannot"
        yield schedule.leave("cyclic_times", message)
    else:
        part.take("cyclic_times")
    if gamma is None:
        yield schedule.leave("gamma", "by how much each cycle was lower is not known")
    else:
        part.take("gamma")
    if part.get("anneal_strategy", "cos") == "cos":
        part.drop("anneal_strategy", Reason.DEFAULT)
    else:
        yield schedule.leave("anneal_strategy", "the cycle was linear; cosines come closest")


def _ratios(value: Any) -> tuple[float, float] | None:
    """As mmcv reads ``target_ratio``."""
    if isinstance(value, float):
        return value, value / 1e5
    if not isinstance(value, list | tuple) or not value or not all(map(is_number, value)):
        return None
    return (value[0], value[1]) if len(value) > 1 else (value[0], value[0] / 1e5)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and 0 < value <= 1000


def _tidy(value: float) -> float:
    return int(value) if value == int(value) else float(f"{value:.12g}")
