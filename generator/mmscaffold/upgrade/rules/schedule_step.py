"""The policy ``step`` becomes ``MultiStepLR`` or ``StepLR``.

A list of steps is ``milestones``, a number is ``step_size``; ``gamma`` is 0.1 by default in both
generations, and 0.5 for the momentum in 2.x.

``min_lr`` has no counterpart. Where the rate never falls so low it goes. Where it does, the step
that would fall below is one of its own that ends at ``min_lr``: right for the learning rate of
the optimizer, not for parameter groups that have another.

Sources: mmcv 1.7.2, runner/hooks/lr_updater.py (``StepLrUpdaterHook``); mmengine,
optim/scheduler/param_scheduler.py (``MultiStepParamScheduler``).
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.containers import CfgList
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example
from mmscaffold.upgrade.scheduling import OldSchedule, is_number, schedules

ID, PACKAGE = "UPR-04 schedule-step", ANY
WRITES = ("param_scheduler",)
AFTER = ("UPR-09 schedule-warm-up",)
EXAMPLES = (
    Example(
        "lr_config = dict(policy='step', step=[8, 11])\n",
        "param_scheduler = [dict(type='MultiStepLR', by_epoch=True, milestones=[8, 11])]\n",
    ),
    Example(
        "lr_config = dict(policy='step', step=3, gamma=0.5)\n",
        "param_scheduler = [dict(type='StepLR', by_epoch=True, step_size=3, gamma=0.5)]\n",
    ),
    Example(
        "momentum_config = dict(policy='step', step=[8])\n",
        "param_scheduler = [dict(type='MultiStepMomentum', by_epoch=True, milestones=[8],\n"
        "                        gamma=0.5)]\n",
    ),
    Example(
        "optimizer = dict(type='SGD', lr=1.0)\n"
        "lr_config = dict(policy='step', step=[8, 11], min_lr=0.001)\n",
        "param_scheduler = [dict(type='MultiStepLR', by_epoch=True, milestones=[8, 11])]\n",
    ),
    Example(
        "optimizer = dict(type='SGD', lr=1.0)\n"
        "lr_config = dict(policy='step', step=[8, 11, 20], min_lr=0.05, gamma=0.1)\n",
        "param_scheduler = [\n"
        "    dict(type='MultiStepLR', by_epoch=True, milestones=[8], gamma=0.1),\n"
        "    dict(type='MultiStepLR', by_epoch=True, milestones=[11], gamma=0.5),\n]\n",
        ("UP208",),
    ),
)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the steps."""
    for schedule in schedules(old, "Step"):
        part = schedule.part
        step = part.get("step")
        if schedule.number(schedule.minimum) is not None and isinstance(step, list | int):
            yield from _with_minimum(schedule, new)
        elif isinstance(step, list | tuple):
            made = schedule.scheduler(new, "MultiStep")
            part.move("step", made, "milestones")
            _gamma(schedule, made)
        elif isinstance(step, int):
            made = schedule.scheduler(new, "Step")
            part.move("step", made, "step_size")
            _gamma(schedule, made)
        else:
            part.take("gamma")
            yield schedule.leave("step", "the steps of the schedule cannot be read")
        if part.get(schedule.minimum, 0) is None:
            part.drop(schedule.minimum, Reason.DEFAULT)
        yield from schedule.end()


def _gamma(schedule: OldSchedule, made: New) -> None:
    schedule.part.move("gamma", made)
    if schedule.is_momentum and "gamma" not in made:
        made.put("gamma", 0.5)


def _with_minimum(schedule: OldSchedule, new: New) -> Iterator[Note]:
    part, lowest = schedule.part, schedule.number(schedule.minimum) or 0.0
    step, initial = part.get("step"), schedule.initial
    gamma = schedule.number("gamma", 0.5 if schedule.is_momentum else 0.1)
    every = isinstance(step, int)
    length = schedule.length
    if every and length is not None:
        milestones = list(range(step, length, step)) if step > 0 else []
    else:
        milestones = [] if every else list(step)
    known = initial is not None and gamma is not None and all(map(is_number, milestones))
    kept = len(milestones)
    if known and initial and gamma and initial >= lowest:
        kept = next(
            (n for n in range(len(milestones)) if initial * gamma ** (n + 1) < lowest), kept
        )
    never = known and kept == len(milestones) and (not every or length is not None)
    is_every = every and (never or not known)
    made = schedule.scheduler(new, "Step" if is_every else "MultiStep")
    if never or not known:
        part.move("step", made, "step_size" if is_every else "milestones")
        _gamma(schedule, made)
        if never:
            part.drop(schedule.minimum, Reason.NO_EFFECT)
            return
    else:
        part.take("step")
        made.put("milestones", CfgList(milestones[:kept]))
        _gamma(schedule, made)
        last = schedule.scheduler(new, "MultiStep", by_epoch=schedule.by_epoch)
        last.put("milestones", CfgList(milestones[kept : kept + 1]))
        if initial and gamma:
            last.put("gamma", lowest / (initial * gamma**kept))
    message = f"{schedule.minimum} stopped the steps of every parameter group at one value"
    yield schedule.leave(schedule.minimum, message)
