"""The schedulers of a config, as the spans of training that they change."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.schedulers import (
    LEARNING_RATE,
    PARAMETERS,
    SchedulerFamily,
    scheduler_family,
)
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.steps import is_place, whole_steps

# mmengine/optim/scheduler/param_scheduler.py: `end` defaults to INF, which the Runner
# turns into the training length (mmengine/runner/runner.py, _build_param_scheduler).
_ENDLESS = None


@dataclass(frozen=True)
class Scheduler:
    """One entry of ``param_scheduler``.

    Attributes:
        path: Where the config holds it.
        type: Its class, such as ``MultiStepLR``; without a registry scope.
        unit: What ``begin``, ``end`` and ``milestones`` count.
        begin: The first step that it changes, in ``unit``.
        end: The step before which it ends, in ``unit``; ``None``: with the training.
        milestones: The steps, from ``begin`` on, at which it multiplies, in ``unit``.
        values: All its arguments, as they are written.
    """

    path: KeyPath
    type: str
    unit: Unit
    begin: float
    end: float | None
    milestones: tuple[int, ...]
    values: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def family(self) -> SchedulerFamily:
        """What is known of its kind."""
        return scheduler_family(self.type)

    @property
    def is_warm_up(self) -> bool:
        """Whether it starts below the full value and ends at it."""
        return self.family.warms_up(self.values)

    @property
    def anneals(self) -> bool:
        """Whether it lowers its value all along, up to its ``end``."""
        return self.family.lowers and not self.is_warm_up

    def first_drop_from(self, step: float) -> float | None:
        """The first step, from one on, at which it would lower its value, if it did not end.

        ``None`` for all but those that do so in periods (mmengine/optim/scheduler/
        param_scheduler.py, ``StepParamScheduler``).

        Args:
            step: In ``unit``.
        """
        period = self.values.get(self.family.period) if self.family.period else None
        gamma = self.values.get("gamma", 0.1)
        lowers = is_place(gamma) and 0 <= gamma < 1
        if not isinstance(period, int) or period < 1 or not lowers:
            return None
        return self.begin + period * max(1, math.ceil((step - self.begin) / period))

    @property
    def parameter(self) -> KeyPath:
        """What it changes: of which optimizer, the learning rate or the momentum."""
        kinds = (kind for end, kind in PARAMETERS.items() if self.type.endswith(end))
        optimizer = self.path[1] if len(self.path) > 1 and isinstance(self.path[1], str) else ""
        return (optimizer, next(kinds, LEARNING_RATE))

    @property
    def last_change(self) -> float | None:
        """The last step at which it is written to change anything, in ``unit``.

        ``None`` if that is not known: a schedule that is open-ended.
        """
        if self.milestones:
            return self.begin + max(self.milestones)
        return self.end


def schedulers(config: Mapping[str, Any]) -> Iterator[Scheduler]:
    """The schedulers of a resolved config; entries that are not known are passed over.

    ``param_scheduler`` is one dict, a list of them, or a dict of lists by optimizer.
    """
    for path, value in scheduler_dicts(config):
        scheduler = _scheduler(value, path)
        if scheduler is not None:
            yield scheduler


def scheduler_dicts(
    config: Mapping[str, Any],
) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    """Every scheduler of a resolved config with its key path, as it is written."""
    yield from _dicts(config.get("param_scheduler"), ("param_scheduler",))


def scheduler_name(scheduler: Mapping[str, Any]) -> str:
    """The class of a scheduler, without scope or module."""
    return str(scheduler["type"]).rpartition(".")[2]


def scheduler_unit(scheduler: Mapping[str, Any]) -> Unit:
    """What a scheduler counts; every scheduler of mmengine counts epochs by default."""
    return Unit.EPOCHS if scheduler.get("by_epoch", True) else Unit.ITERATIONS


def first_step(scheduler: Mapping[str, Any]) -> Any:
    """The ``begin`` of a scheduler, as it is written; 0 by default."""
    return scheduler.get("begin", 0)


def is_opening(scheduler: Mapping[str, Any]) -> bool:
    """Whether a scheduler warms up from the start of the training."""
    warms_up = scheduler_family(scheduler_name(scheduler)).warms_up
    return first_step(scheduler) == 0 and warms_up(scheduler)


def _dicts(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    if isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _dicts(item, (*path, index))
    elif isinstance(value, Mapping) and isinstance(value.get("type"), str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _dicts(item, (*path, key))


def _scheduler(value: Mapping[str, Any], path: KeyPath) -> Scheduler | None:
    begin, end = first_step(value), value.get("end", _ENDLESS)
    milestones = value.get("milestones", ())
    known = is_place(begin) and (end is _ENDLESS or is_place(end))
    if not known or not isinstance(milestones, list | tuple):
        return None
    if not all(isinstance(milestone, int) for milestone in milestones):
        milestones = whole_steps(milestones)
        if milestones is None:
            return None
    unit = scheduler_unit(value)
    return Scheduler(path, scheduler_name(value), unit, begin, end, tuple(milestones), value)
