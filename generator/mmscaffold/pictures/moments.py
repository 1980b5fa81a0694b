"""What happens in a training, and when: validations, checkpoints, milestones, switches.

Sources: mmengine/runner/loops.py, mmengine/hooks/checkpoint_hook.py, and the hooks' own rows in
``facts/hooks``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mmscaffold.facts.hooks import DEFAULT_HOOKS
from mmscaffold.facts.schedulers import LEARNING_RATE
from mmscaffold.facts.steps import Relation
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.curves.setup import Timeline
from mmscaffold.schedule.hooks import hook_name, hook_steps, known_hooks, step_unit
from mmscaffold.schedule.schedulers import schedulers
from mmscaffold.schedule.steps import is_step

_CHECKPOINT = "CheckpointHook"
MOST_MARKS = 100_000
"""Of one kind: beyond that, nobody could tell them apart."""
_MOMENTS = (Relation.BOUNDARY, Relation.TO_END, Relation.AT_MOST)


@dataclass(frozen=True)
class Mark:
    """Something that happens once so many iterations are finished.

    Attributes:
        iteration: How many iterations are finished by then.
        kind: ``validation``, ``checkpoint``, ``milestone``, ``switch`` or ``end``.
        text: What it is, for people.
    """

    iteration: int
    kind: str
    text: str


@dataclass(frozen=True)
class Span:
    """Something that lasts.

    Attributes:
        start: The first iteration, from 0.
        stop: The one after the last.
        text: What it is, for people.
    """

    start: int
    stop: int
    text: str


def marks_of(config: Mapping[str, Any], times: Timeline) -> tuple[list[Mark], list[str]]:
    """Everything that happens within the training, in no certain order.

    Args:
        config: A resolved config of mmengine.
        times: When it steps and ends.

    Returns:
        The marks, and what is left out, for people.
    """
    end = times.max_iters or 0
    validations = _within(times.validations(), end)
    return limited(
        (
            ("milestones", _milestones(config, times)),
            ("validations", (Mark(one, "validation", "validation") for one in validations)),
            ("checkpoints", _checkpoints(config, times)),
            ("switches", switches_of(config, times, config.get("default_scope"))),
        ),
        end,
    )


def limited(kinds: Iterable[tuple[str, Iterator[Mark]]], end: int) -> tuple[list[Mark], list[str]]:
    """Marks of some kinds within a training, and that of its end.

    Args:
        kinds: What to call a kind, and its marks.
        end: Iterations of the training.

    Returns:
        The marks, and what is left out because there is too much of it, for people.
    """
    found: list[Mark] = []
    left_out: list[str] = []
    for kind, marks in kinds:
        some = list(islice(marks, MOST_MARKS + 1))
        if len(some) > MOST_MARKS:
            left_out.append(f"more than {MOST_MARKS} {kind}, which are not shown")
        else:
            found += [mark for mark in some if 0 <= mark.iteration <= end]
    return [*found, Mark(end, "end", "end")], left_out


def spans_of(config: Mapping[str, Any], times: Timeline) -> Iterator[Span]:
    """The warm-ups of the learning rate."""
    end = times.max_iters or 0
    for one in schedulers(config):
        if one.is_warm_up and one.parameter[1] == LEARNING_RATE:
            stop = end if one.end is None else _iterations(one.end, one.unit, times)
            yield Span(_iterations(one.begin, one.unit, times), min(stop, end), "warm-up")


def _within(values: Iterator[int], end: int) -> Iterator[int]:
    for value in values:
        if value > end:
            return
        yield value


def _iterations(step: float, unit: Unit | None, times: Timeline) -> int:
    return round(step * (times.batches or 1)) if unit is Unit.EPOCHS else round(step)


def _milestones(config: Mapping[str, Any], times: Timeline) -> Iterator[Mark]:
    for one in schedulers(config):
        for milestone in one.milestones:
            at = _iterations(one.begin + milestone, one.unit, times)
            yield Mark(at, "milestone", f"{one.type}: milestone {milestone}")


def _checkpoints(config: Mapping[str, Any], times: Timeline) -> Iterator[Mark]:
    hooks = config.get("default_hooks")
    hook = hooks.get("checkpoint", {}) if isinstance(hooks, Mapping) else {}
    if not isinstance(hook, Mapping):
        return
    hook = {**DEFAULT_HOOKS["checkpoint"], **hook}
    interval, begin = hook.get("interval", -1), hook.get("save_begin", 0)
    unit = Unit.EPOCHS if hook.get("by_epoch", True) else Unit.ITERATIONS
    end = times.max_iters or 0
    saved: Iterable[int] = ()
    # Under an iteration loop, its one epoch ends with the training.
    if unit is Unit.EPOCHS and not times.counts_epochs:
        saved = (end,)
    elif is_step(interval) and interval > 0 and is_step(begin):
        each = _iterations(interval, unit, times)
        first = _iterations(begin, unit, times)
        saved = range(first or each, end + 1, each)
    yield from (Mark(one, "checkpoint", "checkpoint") for one in saved)
    if hook.get("save_last", True) and end not in saved:
        yield Mark(end, "checkpoint", "checkpoint")


def switches_of(config: Mapping[str, Any], times: Timeline, scope: str | None) -> Iterator[Mark]:
    """When hooks switch something.

    Args:
        config: A resolved config.
        times: When it steps and ends.
        scope: Where names of hooks are looked up first.
    """
    for _, hook, row in known_hooks(config, scope):
        if row.name == _CHECKPOINT:
            continue
        for step in hook_steps(hook, row):
            unit = step_unit(step.row, hook, row, times.unit)
            if step.row.relation is Relation.LAST:
                # All of them switch before the epoch whose `epoch + 1` is that far from the end.
                at = (times.max_iters or 0) - _iterations(step.value + 1, unit, times)
            elif step.row.switches or step.row.relation in _MOMENTS:
                at = _iterations(step.value - step.row.first, unit, times)
            else:
                continue
            if at > 0:
                yield Mark(at, "switch", f"{hook_name(hook)}: {step.path[-1]} {step.value}")
