"""The stages of training: where they begin and end, and where a new length moves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.steps import Relation
from mmscaffold.schedule.boundaries import (
    NotScalableError,
    Stretch,
    keep_distance_to_end,
)
from mmscaffold.schedule.hooks import hook_steps, known_hooks, step_unit
from mmscaffold.schedule.schedulers import (
    first_step,
    is_opening,
    scheduler_dicts,
    scheduler_unit,
)
from mmscaffold.schedule.steps import is_place, is_stage
from mmscaffold.schedule.training_length import TrainingLength

_OF_STAGES = frozenset({Relation.BOUNDARY, Relation.TO_END, Relation.LAST})


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
        self.error: str | None = None

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
        ends = {each["end"] for _, each in self.schedulers if is_place(each.get("end"))}
        begins = {first_step(each) for _, each in self.schedulers if is_place(first_step(each))}
        switches = set(self._switches(Relation.BOUNDARY))
        last = {*self._last_switches(), *self._validation_stages()}
        kept = {each["end"] for _, each in self.schedulers if self._opens(each)}
        fixed = begins | ends | switches
        # A last stage of a hook or of validations can do without a place of its own.
        for boundaries in (fixed | last, fixed):
            try:
                return Stretch(
                    self.old, self.new, boundaries, kept, ends - begins - switches - last, last
                )
            except NotScalableError as error:
                self.error = error.told_in(self.length.unit)
        return None

    def move_last(self, begin: int) -> int:
        """Where the beginning of a last stage moves that no scheduler begins with.

        Args:
            begin: Where it is, counted from 0; one at 0 is the whole training.
        """
        if begin <= 0:
            return 0
        if self.stretch is not None and (begin in self.stretch or begin >= self.old):
            return int(self.stretch(begin))
        return keep_distance_to_end(begin, self.old, self.new)

    def _opens(self, scheduler: Mapping[str, Any]) -> bool:
        """Whether it warms up from the start of the training, and ends within it."""
        end = scheduler.get("end")
        return is_place(end) and end < self.old and is_opening(scheduler)

    def paths(self) -> Iterator[KeyPath]:
        """The parts of the config that say where stages begin or end."""
        yield ("train_cfg",)
        yield ("param_scheduler",)
        for path, _, row in known_hooks(self.config, self.scope):
            if any(step.relation in _OF_STAGES for step in row.steps):
                yield path

    def stay_together(self, after: Mapping[str, Any]) -> bool:
        """Whether what begins or ends at the same place does so in another config, too.

        Args:
            after: The same config with the new length.
        """
        moved = Stages(after, TrainingLength(self.length.unit, self.new, self.length.path), 0)
        places, new_places = list(self._places()), list(moved._places())
        if len(places) != len(new_places):
            # One is no step any more: -5.
            return False
        inside = {pair for pair in zip(places, new_places, strict=True) if 0 < pair[0] < self.old}
        # Validations that would become more frequent past the end just stay as they are.
        unbounded = set(self._validation_stages()) - {*self._switches_of_hooks(), *self._spans()}
        stay_inside = all(
            place > 0 and (place < self.new or old in unbounded) for old, place in inside
        )
        return stay_inside and len(inside) == len({begin for begin, _ in inside})

    def _places(self) -> Iterator[float]:
        """Where stages begin or end, in the order of the config."""
        yield from self._spans()
        yield from self._switches_of_hooks()
        yield from self._validation_stages()

    def _spans(self) -> Iterator[float]:
        """Where schedulers begin and end."""
        for _, each in self.schedulers:
            yield from (step for step in (first_step(each), each.get("end")) if is_place(step))

    def _switches_of_hooks(self) -> Iterator[int]:
        yield from self._switches(Relation.BOUNDARY)
        yield from self._last_switches()

    def _last_switches(self) -> Iterator[int]:
        """Where hooks begin a last stage."""
        yield from self._switches(Relation.TO_END)
        yield from (self.old - step for step in self._switches(Relation.LAST))

    def _switches(self, relation: Relation) -> Iterator[int]:
        """What steps of hooks say that depend on the length in a certain way, from 0."""
        for _, hook, row in known_hooks(self.config, self.scope):
            for step in hook_steps(hook, row):
                unit = step_unit(step.row, hook, row, self.length.unit)
                if step.row.relation is relation and unit is self.length.unit:
                    yield step.value - step.row.first

    def _validation_stages(self) -> Iterator[int]:
        """Where validations get another interval."""
        stages = self.config["train_cfg"].get("dynamic_intervals")
        if isinstance(stages, list) and all(is_stage(stage) for stage in stages):
            yield from (step for step, _ in stages)
