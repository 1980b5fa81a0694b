"""Hooks when training gets another length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmscaffold.config.change import Adjustment, Change
from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.facts.hooks import Hook
from mmscaffold.facts.steps import Relation, Step, Wildcard
from mmscaffold.schedule.hooks import HookStep, hook_name, hook_steps, hooks, row_of, step_unit
from mmscaffold.schedule.stages import Stages
from mmscaffold.schedule.unknown_steps import unknown_steps_of_hook


def rescale_hooks(stages: Stages, found: Adjustment) -> None:
    """Move every step among the arguments of hooks.

    Args:
        stages: The stages of the training, and where they move.
        found: Takes the changes and notes.
    """
    for path, hook in hooks(stages.config):
        row = row_of(hook, stages.scope)
        if row is not None:
            steps = [
                step
                for step in hook_steps(hook, row)
                if step_unit(step.row, hook, row, stages.length.unit) is stages.length.unit
            ]
            _move(path, hook, steps, stages, found)
        _note_unknown(path, hook, row, found)


def _move(
    path: KeyPath,
    hook: Mapping[str, Any],
    steps: list[HookStep],
    stages: Stages,
    found: Adjustment,
) -> None:
    keys: dict[KeyPath, dict[Any, int]] = {}
    for step in steps:
        if step.row.relation is Relation.BOUNDARY and stages.stretch is None:
            found.leave((*path, *step.path), str(stages.error))
            continue
        wanted = _wanted(step.value, step.row, stages)
        if wanted == step.value:
            continue
        if step.row.where[-1] is Wildcard.EACH_KEY:
            keys.setdefault(step.path[:-1], {})[step.value] = wanted
        else:
            why = _why(step, wanted, stages)
            found.changes.append(Change((*path, *step.path), wanted, why))
    for where, moved in keys.items():
        values: Any = hook
        for key in where:
            values = values[key]
        renamed = {moved.get(key, key): value for key, value in values.items()}
        why = f"its keys are {Relation.BOUNDARY.value}"
        found.changes.append(Change((*path, *where), renamed, why))


def _why(step: HookStep, wanted: int, stages: Stages) -> str:
    if step.row.relation is Relation.TO_END and stages.old - step.value != stages.new - wanted:
        return Relation.SHARE.value
    return step.row.relation.value


def _wanted(value: int, row: Step, stages: Stages) -> int:
    """Where a step moves that counts what the loop counts."""
    old, new = stages.old, stages.new
    if row.relation is Relation.WHOLE:
        return new
    if row.relation is Relation.TO_END:
        return stages.move_last(value - row.first) + row.first
    if row.relation is Relation.SHARE:
        return max(round(value * new / old), 1)
    if row.relation is Relation.LAST:
        moved = new - stages.move_last(old - value) if value < old else value
        # A hook that does not wait for the very epoch acts one epoch early.
        return max(min(moved, new - 1 if row.is_exact else new - 2), 0)
    if row.relation is Relation.AT_MOST:
        return min(value, new - 1 + row.first)
    if row.relation is Relation.BOUNDARY and stages.stretch is not None:
        # One past the end never comes; there may be more of them.
        begin = value - row.first
        return (int(stages.stretch(begin)) if begin < old else new + begin - old) + row.first
    return value


def _note_unknown(
    path: KeyPath, hook: Mapping[str, Any], row: Hook | None, found: Adjustment
) -> None:
    for argument in unknown_steps_of_hook(hook, row):
        found.notes.append(
            f"{format_key_path((*path, argument))} = {hook[argument]} left alone: how it relates "
            f"to the training length is not known for {hook_name(hook)}"
        )
