"""The schedulers of parameters, one row per family.

Sources: mmengine/optim/scheduler/param_scheduler.py (0.10.7), mmdet's and mmpose's
quadratic_warmup.py, mmseg's poly_ratio_scheduler.py, mmpretrain's weight_decay_scheduler.py
and mmagic's engine/schedulers.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

Values = Mapping[str, Any]


class Role(enum.Enum):
    """What an argument that counts steps is to the span between ``begin`` and ``end``."""

    PERIOD = "falls for that many steps; the span unless it is set"
    PART = "that many steps at a time"
    MOMENTS = "a list of steps, counted from begin"
    PARTS = "a list of spans, one after the other"
    CADENCE = "every so many steps, at any length"
    WAIT = "so many looks at the metric"


def _never(_: Values) -> bool:
    return False


def _always(_: Values) -> bool:
    return True


class SchedulerFamily(NamedTuple):
    """Schedulers of one kind: of the learning rate, the momentum, or any parameter.

    Attributes:
        name: What the names of its classes begin with: ``Linear`` of ``LinearLR``,
            ``LinearMomentum`` and ``LinearParamScheduler``.
        steps: Its arguments that count steps, beside ``begin`` and ``end``.
        lowers: Whether it lowers its value all along, up to its ``end``, where it is no
            warm-up.
        always_moves: Whether its value differs at any two places well apart within its span:
            it neither rests nor comes back.
        warms_up: Whether it begins below the full value and ends at it, by its arguments.
        is_stepwise: Whether it changes its value at single steps only, so that it does not
            matter what it counts; by its arguments.
        factors: Its arguments that must lie between 0 and 1, with their defaults; the first
            is what the value begins with.
        per_step: Its argument that is applied again at every step.
        excludes: Arguments of which only one may be set.
        ends_early: Whether its last value is reached one step before its ``end``, so that one
            step more is needed to be there when the training ends.
        after_validations: Whether it steps when a validation is over, whatever its unit.
        patience: How many validations without progress it waits for, by default.
        period: Its argument for the number of steps after which it multiplies by gamma, each time.
    """

    name: str
    steps: Mapping[str, Role] = {}
    lowers: bool = False
    always_moves: bool = False
    warms_up: Callable[[Values], bool] = _never
    is_stepwise: Callable[[Values], bool] = _never
    factors: Mapping[str, float] = {}
    per_step: str | None = None
    excludes: tuple[str, ...] = ()
    ends_early: bool = False
    after_validations: bool = False
    patience: int | None = None
    period: str | None = None


def _rises(values: Values) -> bool:
    return _number(values, "start_factor", 1 / 3) < _number(values, "end_factor", 1.0)


def _holds_back(values: Values) -> bool:
    # From some later step on, it is a plateau.
    return values.get("begin", 0) == 0 and _number(values, "factor", 1 / 3) < 1


def _changes_nothing(values: Values) -> bool:
    return values.get("factor") == 1


def _number(values: Values, key: str, default: float) -> float:
    value = values.get(key, default)
    return float(value) if isinstance(value, int | float) else 1.0


SCHEDULERS: tuple[SchedulerFamily, ...] = (
    SchedulerFamily(
        "Constant", factors={"factor": 1 / 3},
        warms_up=_holds_back, is_stepwise=_changes_nothing,
    ),
    SchedulerFamily(
        "CosineAnnealing", {"T_max": Role.PERIOD}, lowers=True, always_moves=True,
        excludes=("eta_min", "eta_min_ratio"),
    ),
    SchedulerFamily(
        "CosineRestart", {"periods": Role.PARTS}, lowers=True,
        excludes=("eta_min", "eta_min_ratio"),
    ),
    SchedulerFamily("Exponential", lowers=True, always_moves=True, per_step="gamma"),
    # LinearLrInterval of mmagic has an interval.
    SchedulerFamily(
        "Linear", {"interval": Role.CADENCE}, lowers=True, always_moves=True, warms_up=_rises,
        factors={"start_factor": 1 / 3, "end_factor": 1.0}, ends_early=True,
    ),
    SchedulerFamily("MultiStep", {"milestones": Role.MOMENTS}, is_stepwise=_always),
    SchedulerFamily("OneCycle", {"total_steps": Role.PART}, lowers=True),
    # Also PolyLRRatio of mmseg. It goes from the full value to eta_min: no warm-up.
    SchedulerFamily("Poly", lowers=True, always_moves=True, ends_early=True),
    # QuadraticWarmupLR and the like of mmdet and mmpose.
    SchedulerFamily("Quadratic", warms_up=_always),
    SchedulerFamily(
        "ReduceOnPlateau", {"patience": Role.WAIT, "cooldown": Role.WAIT},
        after_validations=True, patience=10,
    ),
    # ReduceLR of mmagic; its ReduceLRSchedulerHook decides when it looks.
    SchedulerFamily("ReduceLR", {"patience": Role.WAIT, "cooldown": Role.WAIT}),
    SchedulerFamily(
        "Step", {"step_size": Role.PART}, is_stepwise=_always, period="step_size"
    ),
)  # fmt: skip

UNKNOWN_FAMILY = SchedulerFamily("")
"""What is known of a scheduler that is in none of them: nothing but ``begin`` and ``end``."""

STEP_ARGUMENTS: Mapping[str, Role] = {
    argument: role for family in SCHEDULERS for argument, role in family.steps.items()
}
"""What each argument counts; a project's own scheduler is assumed to mean the same by it."""

UNMOVED: Mapping[Role, str] = {
    Role.CADENCE: "it happens at regular intervals, at any length",
    Role.WAIT: "it counts looks at the metric, not steps of the training",
}
"""Why another length of the training does not move an argument."""

UNCONVERTED: Mapping[Role, str] = {Role.WAIT: UNMOVED[Role.WAIT]}
"""Why another unit does not convert an argument."""

UNCHECKED: Mapping[Role, str] = {
    **UNMOVED,
    Role.PART: "any number of steps is right",
    Role.PARTS: "the value may stay where the last period leaves it",
}
"""Why no rule of ``check`` compares an argument with the length of the training."""

ABSOLUTE_RATES: Mapping[str, bool] = {"eta_min": False, "eta_max": True}
"""The arguments that are a value and not a share of what a parameter begins with, and whether
the whole schedule follows from it rather than only its end."""

PARAMETERS: Mapping[str, str] = {"Momentum": "Momentum", "WeightDecay": "weight decay"}
"""What a scheduler changes, by the end of its name; all others change the learning rate."""

LEARNING_RATE = "LR"

# What follows the family in the name of a class. LinearWarmupCosineLR is of no family: what is
# known of a part of the name says nothing of the rest.
_ENDING = re.compile(
    r"(?:Warmup)?(?:LR|Lr|Momentum|ParamScheduler|WeightDecay)?(?:Ratio|Interval)?"
)


@lru_cache(maxsize=256)
def scheduler_family(name: str) -> SchedulerFamily:
    """The family of a scheduler.

    Args:
        name: Its class, without scope or module.

    Returns:
        ``UNKNOWN_FAMILY`` for one that is not known.
    """
    for family in SCHEDULERS:
        if name.startswith(family.name) and _ENDING.fullmatch(name, len(family.name)):
            return family
    return UNKNOWN_FAMILY
