"""What no other rule knows of schedules is told: ``inv``, and policies of the user's own.

``inv`` has no counterpart; an ``ExponentialLR`` that ends at the same value comes closest. A
policy of one's own is a hook of mmcv's, to be written as a scheduler of mmengine.

Sources: mmcv 1.7.2, runner/hooks/lr_updater.py (``InvLrUpdaterHook``).
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example
from mmscaffold.upgrade.scheduling import SCHEDULERS, OldSchedule, schedules

ID, PACKAGE = "UPR-10 schedule-other", ANY
WRITES = ("param_scheduler",)
AFTER = (
    "UPR-04 schedule-step",
    "UPR-06 schedule-annealing",
    "UPR-07 schedule-poly",
    "UPR-08 schedule-cycles",
)
EXAMPLES = (
    Example(
        "total_epochs = 3\nlr_config = dict(policy='inv', gamma=1.5, power=2.0)\n",
        "param_scheduler = [dict(type='ExponentialLR', by_epoch=True, gamma=0.25)]\n",
        ("UP208",),
    ),
    Example("lr_config = dict(policy='Mine', a=1)\n", "param_scheduler = []\n", ("UP202",)),
)
_KNOWN = (
    "Step", "CosineAnnealing", "FlatCosineAnnealing", "LinearAnnealing", "CosineRestart", "Exp",
    "Fixed", "Poly", "OneCycle", "Cyclic",
)  # fmt: skip


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Note each."""
    for schedule in schedules(old):
        if schedule.policy == "Inv":
            yield from _inverse(schedule, new)
        elif schedule.policy not in (*_KNOWN, *(("YOLOX",) if old.package == "mmdet" else ())):
            for key in schedule.part:
                schedule.part.leave_to_note(key)
            message = f"the policy {schedule.policy} of {schedule.key} is not known"
            help_ = "Write it as a scheduler of mmengine, registered in PARAM_SCHEDULERS."
            yield Note("UP202", message, SCHEDULERS, (*schedule.path, "policy"), help_)


def _inverse(schedule: OldSchedule, new: New) -> Iterator[Note]:
    gamma, power = schedule.number("gamma"), schedule.number("power", 1.0)
    length, part = schedule.length, schedule.part
    made = schedule.scheduler(new, "Exponential")
    part.take("gamma")
    part.take("power")
    share = 1.0
    if gamma is not None and power is not None and length is not None and gamma >= 0:
        steps = max(length - 1, 1)
        share = (1 + gamma * steps) ** (-power / steps)
    made.put("gamma", float(f"{share:.12g}"))
    message = "the policy inv has no counterpart; an exponential one ends where it did"
    yield schedule.leave("policy", message)
    yield from schedule.end()
