"""Schedulers when training gets another length."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mmscaffold.config.change import Adjustment, Change
from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.facts.schedulers import STEP_ARGUMENTS, UNMOVED, Role, scheduler_family
from mmscaffold.facts.steps import Relation
from mmscaffold.schedule.boundaries import (
    NotScalableError,
    Stretch,
    scale_milestones,
    scale_parts,
)
from mmscaffold.schedule.schedulers import (
    first_step,
    is_opening,
    scheduler_dicts,
    scheduler_name,
    scheduler_unit,
)
from mmscaffold.schedule.stages import Stages
from mmscaffold.schedule.steps import are_between_steps, is_place, is_step, whole_steps

_SHARE = Relation.SHARE.value
_MOVED = tuple(argument for argument, role in STEP_ARGUMENTS.items() if role not in UNMOVED)


@dataclass(frozen=True)
class _Span:
    """What a scheduler covers before and after, and the whole training.

    Attributes:
        begin: Where it begins now.
        end: Where it ends now; ``None``: with the training.
        new_begin: Where it will begin.
        new_end: Where it will end.
        whole: The length of the training now.
        new_whole: The length that it will have.
    """

    begin: float
    end: float | None
    new_begin: float
    new_end: float
    whole: int
    new_whole: int

    @property
    def old(self) -> float:
        """The steps that it covers now."""
        return (self.whole if self.end is None else min(self.end, self.whole)) - self.begin

    @property
    def new(self) -> float:
        """The steps that it will cover."""
        return self.new_end - self.new_begin


def rescale_schedulers(stages: Stages, found: Adjustment) -> None:
    """Move ``begin``, ``end``, ``milestones`` and the rest of every scheduler.

    Args:
        stages: The stages of the training, and where they move.
        found: Takes the changes and notes.
    """
    _note_other_unit(stages, found)
    if not stages.schedulers:
        return
    stretch = stages.stretch
    if stretch is None:
        found.leave(("param_scheduler",), str(stages.error))
        return
    for path, scheduler in stages.schedulers:
        _scheduler(path, scheduler, stages, stretch, found)


def _note_other_unit(stages: Stages, found: Adjustment) -> None:
    """Tell of schedulers that should move, but count what the loop does not."""
    unit = stages.length.unit
    for path, scheduler in scheduler_dicts(stages.config):
        if scheduler_unit(scheduler) is unit or is_opening(scheduler):
            continue
        if scheduler.get("end") is not None or any(map(scheduler.get, _MOVED)):
            found.notes.append(
                f"{format_key_path(path)} left alone: it counts {unit.other.value}, and how many "
                "iterations an epoch has is not known"
            )


def _scheduler(
    path: KeyPath,
    scheduler: Mapping[str, Any],
    stages: Stages,
    stretch: Stretch,
    found: Adjustment,
) -> None:
    begin, end = first_step(scheduler), scheduler.get("end")
    where = format_key_path(path)
    if not is_place(begin) or not (end is None or is_place(end)):
        found.notes.append(f"{where} left alone: begin or end is unknown")
        return
    new_begin = stretch(begin)
    if new_begin >= stages.new:
        reason = f"it begins at {begin}, past the end"
        if begin < stages.old:
            found.leave(path, reason)
        else:
            found.notes.append(f"{where} left alone: {reason}")
        return
    new_end = stages.new if end is None else stretch(end)
    span = _Span(begin, end, new_begin, new_end, stages.old, stages.new)
    try:
        inside = list(_inside(path, scheduler, span))
    except NotScalableError as error:
        found.leave(path, error.told_in(stages.length.unit))
        return
    if begin != new_begin:
        why = "where the stage before it ends"
        found.changes.append(Change((*path, "begin"), new_begin, why))
    if end is not None and end != new_end:
        why = "the new end" if end >= stages.old else "a boundary between stages"
        found.changes.append(Change((*path, "end"), new_end, why))
    found.changes += inside
    _note_between_steps(path, scheduler, stages, found)
    for change in inside:
        _note_dropped(change, scheduler, stages, found)
    factor = scheduler_family(scheduler_name(scheduler)).per_step
    if factor is not None:
        found.notes.append(
            f"{format_key_path((*path, factor))} left alone: over a different number of "
            "steps it leads to a different final rate"
        )


def _note_between_steps(
    path: KeyPath, scheduler: Mapping[str, Any], stages: Stages, found: Adjustment
) -> None:
    """Tell of milestones that mmengine never comes to, because they lie between two steps."""
    if scheduler.get("convert_to_iter_based"):
        return
    for argument, role in STEP_ARGUMENTS.items():
        value = scheduler.get(argument)
        if role is Role.MOMENTS and are_between_steps(value):
            found.notes.append(
                f"{format_key_path((*path, argument))} = {list(value)}: mmengine counts whole "
                f"{stages.length.unit.value}, and never comes to those between"
            )


def _note_dropped(
    change: Change, scheduler: Mapping[str, Any], stages: Stages, found: Adjustment
) -> None:
    """Tell of milestones that found no room."""
    old, new = scheduler[str(change.path[-1])], change.new
    if isinstance(new, list | tuple) and len(new) < len(old):
        lost = len(old) - len(new)
        they_do = "it does" if lost == 1 else "they do"
        found.notes.append(
            f"{change.key} = {list(old)} loses {lost}: {they_do} not fit into "
            f"{stages.length.unit.count(stages.new)}"
        )


def _inside(path: KeyPath, scheduler: Mapping[str, Any], span: _Span) -> Iterator[Change]:
    """What counts from ``begin``: milestones, ``T_max``, periods, steps."""
    for argument, role in STEP_ARGUMENTS.items():
        value = scheduler.get(argument)
        wanted, why = value, _SHARE
        if role is Role.MOMENTS and (steps := whole_steps(value)) is not None:
            wanted = _like(value, _moments(steps, span))
        elif role is Role.MOMENTS and are_between_steps(value):
            wanted = _like(value, [_share(one, scheduler, span) for one in value])
        elif role is Role.PERIOD and is_place(value):
            wanted, why = _period(value, span)
        elif role is Role.PARTS and isinstance(value, list) and value and _are_steps(value):
            wanted = scale_parts(value, max(round(sum(value) * span.new / span.old), 1))
        elif role is Role.PART and is_step(value):
            is_whole = value == span.whole
            wanted = max(span.new_whole if is_whole else round(value * span.new / span.old), 1)
        if wanted != value:
            yield Change((*path, argument), wanted, why)


def _are_steps(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(map(is_step, value))


def _like(old: Any, steps: Sequence[float]) -> Any:
    return tuple(steps) if isinstance(old, tuple) else list(steps)


def _moments(milestones: Any, span: _Span) -> list[int]:
    end = span.end
    if end is not None and any(
        end - span.begin <= m < span.whole - span.begin for m in milestones
    ):
        # They were meant for the whole training, whose end moved without them.
        rest, new_rest = span.whole - span.begin, span.new_whole - span.new_begin
        return scale_milestones(milestones, rest, new_rest)
    return scale_milestones(milestones, span.old, span.new)


def _share(moment: float, scheduler: Mapping[str, Any], span: _Span) -> float:
    """Where a moment moves that lies among others of which some are not whole steps."""
    share = min(moment * span.new / span.old, span.new)
    # `convert_to_iter_based` makes whole iterations of parts of an epoch; nothing else does.
    is_whole = moment == int(moment) and not scheduler.get("convert_to_iter_based")
    return max(round(share), 1) if is_whole else round(share, 10)


def _period(t_max: float, span: _Span) -> tuple[float, str]:
    if math.isclose(t_max, span.old):
        return span.new, "end - begin"
    if t_max == span.end:
        return span.new_end, "equal to end"
    if t_max == span.whole:
        return span.new_whole, Relation.WHOLE.value
    share = t_max * span.new_whole / span.whole
    return (max(round(share), 1) if is_step(t_max) else round(share, 10)), _SHARE
