"""The warm-up of ``lr_config`` becomes the first scheduler.

``linear`` is ``LinearLR``, ``constant`` is ``ConstantLR``; ``exp`` is an ``ExponentialLR`` that
grows from what a first ``MultiStepLR`` lowers at once. The factor is always written: it is 0.1 by
default in 2.x (``warmup_ratio``), and 1/3 in 3.x. A ratio of 1 warms nothing up.

3.x is done with a warm-up one iteration early. Where that is more than 1 % of the rate, with
fewer than 100 iterations, the warm-up ends one iteration later, which is just what 2.x did.

``warmup_by_epoch`` counts epochs, converted to iterations by mmengine.

The warm-up of a momentum divides by the ratio: it begins above the momentum, which no scheduler of
mmengine does.

Sources: mmcv 1.7.2, runner/hooks/lr_updater.py (``LrUpdaterHook``) and momentum_updater.py;
mmengine, optim/scheduler/param_scheduler.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgList
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example
from mmscaffold.upgrade.scheduling import WARM_UP_KEYS, OldSchedule, is_number, schedules

ID, PACKAGE = "UPR-09 schedule-warm-up", ANY
WRITES = ("param_scheduler",)
AFTER = ("UPR-05 schedule-idle",)
_STEP = "    dict(type='MultiStepLR', by_epoch=True, milestones=[8]),\n]\n"


def _old(warm_up: str) -> str:
    return f"lr_config = dict(policy='step', step=[8], {warm_up})\n"


EXAMPLES = (
    Example(
        _old("warmup='linear', warmup_iters=500, warmup_ratio=0.001"),
        "param_scheduler = [\n    dict(type='LinearLR', by_epoch=False, start_factor=0.001,"
        " begin=0, end=500),\n" + _STEP,
    ),
    Example(
        _old("warmup='linear', warmup_iters=500"),
        "param_scheduler = [\n    dict(type='LinearLR', by_epoch=False, start_factor=0.1,"
        " begin=0, end=500),\n" + _STEP,
    ),
    Example(
        _old("warmup='linear', warmup_iters=20"),
        "param_scheduler = [\n    dict(type='LinearLR', by_epoch=False, start_factor=0.1,"
        " begin=0, end=21),\n" + _STEP,
    ),
    Example(
        _old("warmup='constant', warmup_iters=500, warmup_ratio=0.5"),
        "param_scheduler = [\n    dict(type='ConstantLR', by_epoch=False, factor=0.5,"
        " begin=0, end=500),\n" + _STEP,
    ),
    Example(
        _old("warmup='linear', warmup_iters=2, warmup_by_epoch=True"),
        "param_scheduler = [\n    dict(type='LinearLR', by_epoch=True, convert_to_iter_based=True,"
        " start_factor=0.1, begin=0, end=2),\n" + _STEP,
    ),
    Example(
        _old("warmup='exp', warmup_iters=2, warmup_ratio=0.25"),
        "param_scheduler = [\n"
        "    dict(type='MultiStepLR', by_epoch=False, milestones=[0], gamma=0.25),\n"
        "    dict(type='ExponentialLR', by_epoch=False, gamma=2.0, begin=0, end=3),\n" + _STEP,
    ),
    Example(
        _old("warmup='linear', warmup_iters=500, warmup_ratio=1.0"),
        "param_scheduler = [\n" + _STEP,
    ),
    Example(
        _old("warmup=None, warmup_iters=500"),
        "param_scheduler = [\n" + _STEP,
    ),
)
_FAMILIES = {"linear": ("Linear", "start_factor"), "constant": ("Constant", "factor")}
_SHORT = 99


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the warm-up of each policy that warms up as mmcv's do."""
    for schedule in schedules(old):
        if schedule.policy != "YOLOX":
            yield from _warm_up(schedule, new)


def _warm_up(schedule: OldSchedule, new: New) -> Iterator[Note]:
    part = schedule.part
    kind, ratio = part.get("warmup"), part.get("warmup_ratio", 0.1)
    if kind is None or (is_number(ratio) and ratio == 1):
        for key in WARM_UP_KEYS:
            part.drop(key, Reason.NO_EFFECT)
        return
    if schedule.is_momentum or kind not in ("linear", "constant", "exp"):
        yield from _left(schedule)
        return
    by_epoch = part.get("warmup_by_epoch", False)
    if isinstance(by_epoch, Unknown):
        yield schedule.leave("warmup_by_epoch", "whether the warm-up counts epochs is unknown")
    by_epoch = by_epoch is not False and bool(by_epoch)
    iterations = part.get("warmup_iters", 0)
    part.take("warmup")
    part.take("warmup_by_epoch")
    if kind == "exp":
        yield from _exponential(schedule, new, ratio, iterations, by_epoch=by_epoch)
        return
    family, factor = _FAMILIES[kind]
    made = _begun(schedule, new, family, by_epoch=by_epoch)
    part.move("warmup_ratio", made, factor)
    if factor not in made:
        made.put(factor, 0.1)
    _span(schedule, made, iterations, by_epoch=by_epoch)


def _begun(schedule: OldSchedule, new: New, family: str, *, by_epoch: bool) -> New:
    made = schedule.scheduler(new, family, by_epoch=by_epoch)
    if by_epoch:
        made.put("convert_to_iter_based", True)
    return made


def _span(schedule: OldSchedule, made: New, iterations: Any, *, by_epoch: bool) -> None:
    made.put("begin", 0)
    is_short = isinstance(iterations, int) and 0 < iterations <= _SHORT
    if is_short and not by_epoch:
        schedule.part.take("warmup_iters")
        made.put("end", iterations + 1)
    else:
        schedule.part.move("warmup_iters", made, "end")


def _exponential(
    schedule: OldSchedule, new: New, ratio: Any, iterations: Any, *, by_epoch: bool
) -> Iterator[Note]:
    is_known = is_number(ratio) and 0 < ratio < 1 and isinstance(iterations, int)
    if by_epoch or not is_known or iterations <= 0:
        made = _begun(schedule, new, "Linear", by_epoch=by_epoch)
        schedule.part.move("warmup_ratio", made, "start_factor")
        if "start_factor" not in made:
            made.put("start_factor", 0.1)
        _span(schedule, made, iterations, by_epoch=by_epoch)
        message = "the warm-up was exponential; a linear one comes closest"
        yield Note("UP208", message, made.path, (*schedule.path, "warmup"))
        return
    first = schedule.scheduler(new, "MultiStep", by_epoch=False)
    first.put("milestones", CfgList([0]))
    schedule.part.move("warmup_ratio", first, "gamma")
    if "gamma" not in first:
        first.put("gamma", ratio)
    made = schedule.scheduler(new, "Exponential", by_epoch=False)
    schedule.part.take("warmup_iters")
    made.put("gamma", ratio ** (-1 / iterations))
    made.put("begin", 0)
    made.put("end", iterations + 1)


def _left(schedule: OldSchedule) -> Iterator[Note]:
    what = "momentum" if schedule.is_momentum else "learning rate"
    for key in WARM_UP_KEYS[1:]:
        schedule.part.leave_to_note(key)
    yield schedule.leave("warmup", f"this warm-up of the {what} has no counterpart in 3.x")
