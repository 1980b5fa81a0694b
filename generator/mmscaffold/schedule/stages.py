"""The stages of training: where they begin and end, and where a new length moves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.schedulers import scheduler_family
from mmscaffold.facts.steps import Relation
from mmscaffold.schedule.boundaries import NotScalableError, Stretch
from mmscaffold.schedule.hooks import hook_steps, known_hooks, step_unit
from mmscaffold.schedule.schedulers import (
    first_step,
    scheduler_dicts,
    scheduler_name,
    scheduler_unit,
)
from mmscaffold.schedule.steps import is_stage, is_step
from mmscaffold.schedule.training_length import TrainingLength


class Stages:
    """The stages of a training run that gets another length.

    All that begins or ends with a stage moves by the same ``stretch``, so that it stays
    together: schedulers, and hooks that switch there.

    Args:
        config: The top level of a resolved config.
        length: Its training length.
        new: The new maximum, in the unit of ``length``.

    Attributes:
        error: Why the stages cannot be moved; ``None`` if they can.
    """

    def __init__(self, config: Mapping[str, Any], length: TrainingLength, new: int) -> None:
        self.config = config
        self.length = length
        self.old = length.maximum
        self.new = new
        self.scope: str | None = config.get("default_scope")
        self.error: NotScalableError | None = None

    @cached_property
    def schedulers(self) -> list[tuple[KeyPath, Mapping[str, Any]]]:
        """The schedulers that count what the loop counts, as they are written."""
        return [
            (path, scheduler)
            for path, scheduler in scheduler_dicts(self.config)
            if scheduler_unit(scheduler) is self.length.unit
        ]

    @cached_property
    def stretch(self) -> Stretch | None:
        """Where the boundaries between stages move; ``None`` if there is no room for them."""
        ends = {each["end"] for _, each in self.schedulers if is_step(each.get("end"))}
        begins = {first_step(each) for _, each in self.schedulers if is_step(first_step(each))}
        switches = set(self._switches(Relation.BOUNDARY))
        kept = {each["end"] for _, each in self.schedulers if self._opens(each)}
        try:
            return Stretch(
                self.old,
                self.new,
                begins | ends | switches,
                kept,
                ends - begins - switches - set(self._last_stages()),
            )
        except NotScalableError as error:
            self.error = error
            return None

    def _opens(self, scheduler: Mapping[str, Any]) -> bool:
        """Whether it warms up from the start of the training, and ends within it."""
        end = scheduler.get("end")
        starts = first_step(scheduler) == 0
        is_inside = starts and is_step(end) and end < self.old
        return is_inside and scheduler_family(scheduler_name(scheduler)).warms_up(scheduler)

    def _switches(self, relation: Relation) -> Iterator[int]:
        """Where hooks switch whose steps depend on the length in a certain way."""
        for _, hook, row in known_hooks(self.config, self.scope):
            for step in hook_steps(hook, row):
                unit = step_unit(step.row, hook, row, self.length.unit)
                if step.row.relation is relation and unit is self.length.unit:
                    yield step.value

    def _last_stages(self) -> Iterator[int]:
        """Where a last stage begins that no scheduler begins with."""
        yield from self._switches(Relation.TO_END)
        yield from (self.old - step for step in self._switches(Relation.LAST))
        stages = self.config["train_cfg"].get("dynamic_intervals")
        if isinstance(stages, list) and all(is_stage(stage) for stage in stages):
            yield from (step for step, _ in stages)
