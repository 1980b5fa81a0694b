"""mmdet's policy ``YOLOX`` becomes a quadratic warm-up, a cosine and a rest.

With N epochs, of which W warm up and the last L rest: ``QuadraticWarmupLR`` to W,
``CosineAnnealingLR`` from W to N - L with the period N - L - W, and a ``ConstantLR`` of factor
1 to N, all converted to iterations. Official 3.x configs write a period of N - L, which is 9.8 %
of the peak off in two of three iterations.

Sources: mmdet 2.28.2, core/hook/yolox_lrupdater_hook.py; mmdet 3.3.0,
engine/schedulers/quadratic_warmup.py; mmengine, optim/scheduler/param_scheduler.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.facts.units import Unit
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example
from mmscaffold.upgrade.scheduling import WARM_UP_KEYS, OldSchedule, schedules

ID, PACKAGE = "UPR-10 schedule-yolox", "mmdet"
WRITES = ("param_scheduler",)
AFTER = ("UPR-09 schedule-warm-up",)
_C = "by_epoch=True, convert_to_iter_based=True"
_OLD = (
    "lr_config = dict(policy='YOLOX', warmup='exp', by_epoch=False, warmup_by_epoch=True,\n"
    "                 warmup_ratio=1, warmup_iters=5, num_last_epochs=15, min_lr_ratio=0.05)\n"
)
EXAMPLES = (
    Example(
        "runner = dict(type='EpochBasedRunner', max_epochs=300)\n" + _OLD,
        "param_scheduler = [\n"
        f"    dict(type='mmdet.QuadraticWarmupLR', {_C}, begin=0, end=5),\n"
        f"    dict(type='CosineAnnealingLR', {_C}, eta_min_ratio=0.05, begin=5, T_max=280,\n"
        "         end=285),\n"
        f"    dict(type='ConstantLR', {_C}, factor=1, begin=285, end=300),\n]\n",
    ),
    Example(_OLD, "param_scheduler = []\n", ("UP208",)),
)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the three."""
    for schedule in schedules(old, "YOLOX"):
        part, length = schedule.part, schedule.old.length
        rest, warm = part.get("num_last_epochs"), part.get("warmup_iters", 0)
        whole = isinstance(length, int) and isinstance(rest, int) and isinstance(warm, int)
        if old.unit is not Unit.EPOCHS or not whole or not _is_usual(schedule):
            for key in part:
                part.leave_to_note(key)
            message = "this form of the YOLOX schedule has no counterpart"
            yield schedule.leave("policy", message)
            continue
        yield from _write(schedule, new, length, rest, warm if part.get("warmup") else 0)


def _is_usual(schedule: OldSchedule) -> bool:
    """Whether it counts iterations, and warms up by epochs to the full rate."""
    part = schedule.part
    warms = part.get("warmup") is not None
    by_epochs = part.get("warmup_by_epoch", False) is True and part.get("warmup_ratio", 0.1) == 1
    return not schedule.by_epoch and (not warms or by_epochs)


def _write(schedule: OldSchedule, new: New, length: Any, rest: Any, warm: int) -> Iterator[Note]:
    part, last = schedule.part, length - rest
    if warm > 0:
        made = _begun(schedule, new, "mmdet.QuadraticWarmup", 0)
        part.move("warmup_iters", made, "end")
    made = _begun(schedule, new, "CosineAnnealing", None)
    schedule.lowest(made)
    made.put("begin", warm)
    made.put("T_max", last - warm)
    made.put("end", last)
    if rest > 0:
        made = _begun(schedule, new, "Constant", None)
        made.put("factor", 1)
        made.put("begin", last)
        made.put("end", length)
    part.take("num_last_epochs")
    part.take("by_epoch")
    for key in WARM_UP_KEYS:
        if key not in part.said:
            part.take(key) if warm else part.drop(key, Reason.NO_EFFECT)
    yield from schedule.end()


def _begun(schedule: OldSchedule, new: New, family: str, begin: int | None) -> New:
    made = schedule.scheduler(new, family, by_epoch=True)
    made.put("convert_to_iter_based", True)
    if begin is not None:
        made.put("begin", begin)
    return made
