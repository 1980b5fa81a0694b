"""The policy ``poly`` becomes ``PolyLR``.

3.x reaches the lowest value one step before its end. By epochs that is up to 6 % of the peak in
every epoch, so ``end`` is one epoch beyond the training, where 2.x would have got there. By
iterations it matters only for short trainings, or a power far below 1.

A warm-up multiplies, also what ``eta_min`` adds, and 3.x follows the curve from step to step: with
a lowest value of 10 % of the learning rate or more it would end 2 to 3 % too high. So there the
warm-up ends where the curve is by then, and ``PolyLR`` begins there.

Sources: mmcv 1.7.2, runner/hooks/lr_updater.py (``PolyLrUpdaterHook``); mmengine,
optim/scheduler/param_scheduler.py (``PolyParamScheduler``).
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example
from mmscaffold.upgrade.scheduling import OldSchedule, schedules

ID, PACKAGE = "UPR-07 schedule-poly", ANY
WRITES = ("param_scheduler",)
AFTER = ("UPR-09 schedule-warm-up",)
_WARM = "    dict(type='LinearLR', by_epoch=False, start_factor=0.1, begin=0, end=1000"
EXAMPLES = (
    Example(
        "total_epochs = 12\nlr_config = dict(policy='poly', power=0.9, min_lr=1e-4)\n",
        "param_scheduler = [\n"
        "    dict(type='PolyLR', by_epoch=True, power=0.9, eta_min=1e-4, end=13),\n]\n",
    ),
    Example(
        "runner = dict(type='IterBasedRunner', max_iters=80000)\n"
        "lr_config = dict(policy='poly', power=0.9, min_lr=1e-4, by_epoch=False)\n",
        "param_scheduler = [dict(type='PolyLR', by_epoch=False, power=0.9, eta_min=1e-4)]\n",
    ),
    Example(
        "runner = dict(type='IterBasedRunner', max_iters=50)\nlr_config = dict(policy='poly')\n",
        "param_scheduler = [dict(type='PolyLR', by_epoch=False, end=51)]\n",
    ),
    Example(
        "runner = dict(type='IterBasedRunner', max_iters=10000)\n"
        "optimizer = dict(type='SGD', lr=1.0)\n"
        "lr_config = dict(policy='poly', min_lr=0.5, warmup='linear', warmup_iters=1000)\n",
        "param_scheduler = [\n" + _WARM + ", end_factor=0.95),\n"
        "    dict(type='PolyLR', by_epoch=False, eta_min=0.5, begin=1000),\n]\n",
    ),
)
_LOW = 0.1
_SMALL = 0.005


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the curve."""
    for schedule in schedules(old, "Poly"):
        warm_up = _warm_up(new)
        made = schedule.scheduler(new, "Poly")
        schedule.part.move("power", made)
        schedule.part.move(schedule.minimum, made, "eta_min")
        _meet(schedule, made, warm_up)
        _end(schedule, made)
        yield from schedule.end()


def _warm_up(new: New) -> New | None:
    for index, one in enumerate(new.get("param_scheduler") or ()):
        if one.get("type") == "LinearLR" and isinstance(one.get("end"), int):
            return New(one, ("param_scheduler", index))
    return None


def _meet(schedule: OldSchedule, made: New, warm_up: New | None) -> None:
    """Let the curve begin at the end of the warm-up, where that is needed and possible."""
    length, initial = schedule.length, schedule.initial
    power, lowest = schedule.number("power", 1.0), schedule.number(schedule.minimum, 0.0)
    if warm_up is None or schedule.by_epoch or warm_up.get("by_epoch"):
        return
    if length is None or not initial or power is None or not lowest or lowest < _LOW * initial:
        return
    begin = schedule.part.get("warmup_iters")
    if not isinstance(begin, int) or not begin < length or lowest >= initial:
        return
    there = (initial - lowest) * (1 - begin / length) ** power + lowest
    warm_up.put("end_factor", float(f"{there / initial:.12g}"))
    made.put("begin", begin)


def _end(schedule: OldSchedule, made: New) -> None:
    length, power = schedule.length, schedule.number("power", 1.0)
    if length is None:
        return
    # Where the curve is one step before it ends, as a share of its height.
    share = (1 / length) ** power if power is not None and power > 0 else 1.0
    if schedule.by_epoch or share > _SMALL:
        made.put("end", length + 1)
