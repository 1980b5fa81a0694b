"""Everything that must move when training gets another length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmscaffold.config.change import Adjustment, Change
from mmscaffold.config.errors import ConfigError
from mmscaffold.facts.steps import Relation
from mmscaffold.schedule.boundaries import keep_distance_to_end
from mmscaffold.schedule.hook_rescale import rescale_hooks
from mmscaffold.schedule.scheduler_rescale import rescale_schedulers
from mmscaffold.schedule.stages import Stages
from mmscaffold.schedule.steps import is_stage, is_step
from mmscaffold.schedule.training_length import TrainingLength
from mmscaffold.schedule.unknown_steps import unknown_steps

_TO_END = Relation.TO_END.value


def rescale(config: Mapping[str, Any], length: TrainingLength, new: int) -> Adjustment:
    """Find what must move when the training gets a new length.

    Args:
        config: The top level of a resolved config.
        length: Its training length.
        new: The new maximum, in the unit of ``length``.
    """
    stages = Stages(config, length, new)
    found = Adjustment(_loop(config["train_cfg"], stages))
    try:
        rescale_schedulers(stages, found)
        rescale_hooks(stages, found)
        found.notes += unknown_steps(config)
    except OverflowError as error:
        raise ConfigError(f"a number in its schedule is too large: {error}") from None
    return found


def _loop(loop: Mapping[str, Any], stages: Stages) -> list[Change]:
    """``max_epochs`` or ``max_iters``, and the validations."""
    old, new = stages.old, stages.new
    unit, key = stages.length.unit.value, stages.length.path[-1]
    wanted: dict[Any, tuple[Any, str]] = {key: (new, f"the length in {unit}")}
    interval = loop.get("val_interval")
    if is_step(interval) and interval > new:
        wanted["val_interval"] = (new, "at most the length")
    begin = loop.get("val_begin")
    if is_step(begin) and begin > old:
        wanted["val_begin"] = (new + 1, "past the end: never")
    elif is_step(begin) and begin > 1:
        wanted["val_begin"] = (max(keep_distance_to_end(begin, old, new), 1), _TO_END)
    intervals = loop.get("dynamic_intervals")
    if isinstance(intervals, list) and all(is_stage(each) for each in intervals):
        moved = _intervals(intervals, stages)
        wanted["dynamic_intervals"] = (moved, _TO_END)
    return [
        Change(("train_cfg", name), value, why)
        for name, (value, why) in wanted.items()
        if loop[name] != value
    ]


def _intervals(intervals: list[Any], stages: Stages) -> list[tuple[int, int]]:
    moved = {stages.move_last(step): min(interval, stages.new) for step, interval in intervals}
    return list(moved.items())
