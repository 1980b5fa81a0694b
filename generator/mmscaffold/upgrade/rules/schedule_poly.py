"""The policy ``poly`` becomes ``PolyLR``.

3.x reaches the lowest value one step before its end. By epochs that is up to 6 % of the peak in
every epoch, so ``end`` is one epoch beyond the training, where 2.x would have got there. By
iterations it matters only for short trainings, or a power far below 1.

A warm-up multiplies, also what ``eta_min`` adds, and 3.x follows the curve from step to step:
what was added to a rate that is lowered to a millionth is a million times as much in the end.
Where that would be seen, ``PolyLR`` begins at the end of the warm-up. Until then, a ``LinearLR``
follows the curve, which is all but straight there; it multiplies, as the warm-up does.

Sources: mmcv 1.7.2, runner/hooks/lr_updater.py (``PolyLrUpdaterHook``); mmengine,
optim/scheduler/param_scheduler.py (``PolyParamScheduler``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example
from mmscaffold.upgrade.scheduling import OldSchedule, schedules

ID, PACKAGE = "UPR-07 schedule-poly", ANY
WRITES = ("param_scheduler",)
AFTER = ("UPR-09 schedule-warm-up",)
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
        "param_scheduler = [\n"
        "    dict(type='LinearLR', by_epoch=False, start_factor=0.1, begin=0, end=1000),\n"
        "    dict(type='LinearLR', by_epoch=False, start_factor=1.0, end_factor=0.95,\n"
        "         begin=0, end=1001),\n"
        "    dict(type='PolyLR', by_epoch=False, eta_min=0.5, begin=1000),\n]\n",
    ),
    Example(  # Too little to be seen.
        "runner = dict(type='IterBasedRunner', max_iters=80000)\n"
        "optimizer = dict(type='SGD', lr=0.01)\n"
        "lr_config = dict(policy='poly', min_lr=1e-4, warmup='linear', warmup_iters=1500,\n"
        "                 warmup_ratio=1e-6)\n",
        "param_scheduler = [\n"
        "    dict(type='LinearLR', by_epoch=False, start_factor=1e-6, begin=0, end=1500),\n"
        "    dict(type='PolyLR', by_epoch=False, eta_min=1e-4),\n]\n",
    ),
    Example(
        "runner = dict(type='IterBasedRunner', max_iters=10000)\n"
        "optimizer = dict(type='SGD', lr=0.5)\n"
        "lr_config = dict(policy='poly', min_lr=0.25, warmup='constant', warmup_iters=2000,\n"
        "                 warmup_ratio=0.5)\n",
        "param_scheduler = [\n"
        "    dict(type='ConstantLR', by_epoch=False, factor=0.5, begin=0, end=2000),\n"
        "    dict(type='LinearLR', by_epoch=False, start_factor=1.0, end_factor=0.9,\n"
        "         begin=0, end=2001),\n"
        "    dict(type='PolyLR', by_epoch=False, eta_min=0.25, begin=2000),\n]\n",
    ),
)
_SMALL = 0.005


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the curve."""
    for schedule in schedules(old, "Poly"):
        begin = _follow(schedule, new)
        made = schedule.scheduler(new, "Poly")
        schedule.part.move("power", made)
        schedule.part.move(schedule.minimum, made, "eta_min")
        if begin:
            made.put("begin", begin)
        _end(schedule, made)
        yield from schedule.end()


def _follow(schedule: OldSchedule, new: New) -> int:
    """Follow the curve during the warm-up, where that is needed and possible; when it ends."""
    length, initial = schedule.length, schedule.initial
    power, lowest = schedule.number("power", 1.0), schedule.number(schedule.minimum, 0.0)
    end = schedule.part.get("warmup_iters")
    if schedule.is_momentum or schedule.by_epoch or schedule.part.get("warmup_by_epoch"):
        return 0
    if length is None or not initial or power is None or not lowest or lowest >= initial:
        return 0
    if not isinstance(end, int) or not 0 < end < length:
        return 0
    # What the warm-up makes of what is added in the steps before its end.
    added = lowest / initial * power * end / length
    if added * (_enlarged(schedule) - 1) < _SMALL:
        return 0
    there = (initial - lowest) * (1 - end / length) ** power + lowest
    made = schedule.scheduler(new, "Linear", by_epoch=False)
    made.put("start_factor", 1.0)
    made.put("end_factor", float(f"{there / initial:.12g}"))
    made.put("begin", 0)
    made.put("end", end + 1)
    return end


def _enlarged(schedule: OldSchedule) -> float:
    """How many times what is added in a step of the warm-up is there at its end, on average."""
    kind, ratio = schedule.part.get("warmup"), schedule.number("warmup_ratio", 0.1)
    if kind is None or ratio is None or not 0 < ratio < 1:
        return 1.0
    growth = math.log(1 / ratio)
    means = {
        "linear": growth / (1 - ratio),
        "constant": 1 / ratio,
        "exp": (1 / ratio - 1) / growth,
    }
    return means.get(kind, 1.0) if isinstance(kind, str) else 1.0


def _end(schedule: OldSchedule, made: New) -> None:
    length, power = schedule.length, schedule.number("power", 1.0)
    if length is None:
        return
    # Where the curve is one step before it ends, as a share of its height.
    share = (1 / length) ** power if power is not None and power > 0 else 1.0
    if schedule.by_epoch or share > _SMALL:
        made.put("end", length + 1)
