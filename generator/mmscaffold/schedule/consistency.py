"""Whether the schedulers of a config agree with the length of its training."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from mmscaffold.facts.schedulers import STEP_ARGUMENTS, Role
from mmscaffold.schedule.schedulers import first_step, scheduler_dicts, scheduler_unit
from mmscaffold.schedule.steps import is_place, whole_steps
from mmscaffold.schedule.training_length import Unit, training_length

# Arguments that hold one number of steps.
_SINGLE = tuple(k for k, role in STEP_ARGUMENTS.items() if role in (Role.PERIOD, Role.PART))


def is_consistent_schedule(config: Mapping[str, Any], maximum: int) -> bool:
    """Whether mmengine would build the schedulers, and all of them end with the training.

    Only those that count in the unit of the training are looked at
    (mmengine/optim/scheduler/param_scheduler.py raises where ``end <= begin``).

    Args:
        config: The top level of a resolved config.
        maximum: The length of the training, in its own unit.
    """
    length = training_length(config)
    unit = Unit.EPOCHS if length is None else length.unit
    return all(
        _fits(scheduler, maximum)
        for _, scheduler in scheduler_dicts(config)
        if scheduler_unit(scheduler) is unit
    )


def _fits(scheduler: Mapping[str, Any], maximum: int) -> bool:
    begin = first_step(scheduler)
    end = scheduler.get("end", maximum)
    if not is_place(begin) or not is_place(end):
        return False
    if not 0 <= begin < end <= maximum:
        return False
    for name in _SINGLE:
        value = scheduler.get(name)
        if value is not None and (not is_place(value) or value <= 0):
            return False
    milestones = scheduler.get("milestones", [])
    if not isinstance(milestones, list | tuple):
        return False
    if not all(is_place(step) and step > 0 for step in milestones):
        return False
    if whole_steps(milestones) is None and not scheduler.get("convert_to_iter_based"):
        return False
    return all(left < right for left, right in itertools.pairwise(milestones))
