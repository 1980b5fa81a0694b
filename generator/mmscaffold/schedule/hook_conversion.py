"""One hook from epochs to iterations, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mmscaffold.config.change import MISSING
from mmscaffold.facts.hooks import Hook
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.hooks import HookStep, hook_name, hook_steps, row_of
from mmscaffold.schedule.steps import counts_epochs


@dataclass
class HookConversion:
    """What one hook becomes.

    Attributes:
        values: The arguments to set, ``MISSING`` for those that go.
        note: Why the hook is left alone; empty if it is not.
        rounded: For arguments that do not come out even, what to say about them.
    """

    values: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    rounded: dict[str, str] = field(default_factory=dict)


def convert_hook(
    hook: Mapping[str, Any], scope: str | None, to: Unit, each: int
) -> HookConversion:
    """Let the steps of a hook count in the other unit.

    Args:
        hook: The hook as a resolved config has it.
        scope: The ``default_scope`` of the config.
        to: The unit to count in.
        each: How many iterations one epoch has.
    """
    found = HookConversion()
    row = row_of(hook, scope)
    if row is None:
        return found
    if row.needs_epochs and to is Unit.ITERATIONS:
        found.note = (
            f"left alone: {hook_name(hook)} {row.needs_epochs}, but training by iterations "
            "has only one epoch; it will not behave as before"
        )
        return found
    steps = list(hook_steps(hook, row))
    own = [step for step in steps if step.row.unit is None]
    if row.flag is not None and _counts_for_itself(row):
        _flagged(hook, row.flag, own, to, each, found)
    elif row.flag is None:
        for step in own:
            _as_the_loop(hook, step, to, each, found)
    for step in steps:
        if step.row.counterpart is not None and step.row.unit is to.other:
            found.values |= dict(_to_counterpart(step, step.row.counterpart, to, each))
    return found


def loop_flags(hook: Mapping[str, Any], scope: str | None, to: Unit) -> dict[str, Any]:
    """The flag of a hook that has no step of its own: it says what the loop counts.

    Args:
        hook: The hook as a resolved config has it.
        scope: The ``default_scope`` of the config.
        to: The unit that the loop will count.
    """
    row = row_of(hook, scope)
    if row is None or row.flag is None or _counts_for_itself(row):
        return {}
    if to is Unit.ITERATIONS:
        return {row.flag: False}
    return {row.flag: MISSING} if row.flag in hook else {}


def _counts_for_itself(row: Hook) -> bool:
    return any(step.unit is None for step in row.steps)


def _flagged(
    hook: Mapping[str, Any],
    flag: str,
    steps: list[HookStep],
    to: Unit,
    each: int,
    found: HookConversion,
) -> None:
    """Arguments whose unit a flag names, and the flag.

    To iterations, what counts epochs is converted; to epochs, what counts iterations. It could
    go on to do so in a training by epochs, but a checkpoint from the middle of an epoch is not
    resumed where it was saved (mmengine/runner/loops.py, EpochBasedTrainLoop.run_epoch).
    """
    by_epoch = counts_epochs(hook, flag)
    if by_epoch is (to is Unit.EPOCHS) or by_epoch is None:
        return
    for step in steps:
        _as_the_loop(hook, step, to, each, found)
    found.values[flag] = MISSING if to is Unit.EPOCHS else False


def _as_the_loop(
    hook: Mapping[str, Any], step: HookStep, to: Unit, each: int, found: HookConversion
) -> None:
    """An argument that counts what the loop counts."""
    argument, value = _argument(step), step.value
    if to is Unit.ITERATIONS:
        found.values[argument] = value * each
        return
    whole = max(round(value / each), 1) if value else value
    if whole * each != value:
        found.rounded[argument] = f"= {value} becomes {whole} x {each} iterations"
    if argument in hook or whole != step.row.default:
        found.values[argument] = whole


def _to_counterpart(
    step: HookStep, counterpart: str, to: Unit, each: int
) -> Iterator[tuple[str, Any]]:
    """A step that another argument counts in the other unit; 0 stands for the start."""
    past = step.value - step.row.first
    if not step.value or (to is Unit.EPOCHS and past % each):
        return
    yield _argument(step), MISSING
    other = past * each if to is Unit.ITERATIONS else past // each
    yield counterpart, other + step.row.first


def _argument(step: HookStep) -> str:
    return step.row.argument
