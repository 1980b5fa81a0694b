"""The hooks of a config, and the steps in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.registry_scope import SCOPE
from mmscaffold.facts.hooks import Hook, hook_row
from mmscaffold.facts.runner import HOOK_KEYS
from mmscaffold.facts.steps import Step, Wildcard
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.steps import is_step


class HookStep(NamedTuple):
    """One step that a hook of a config has.

    Attributes:
        path: Where, below the hook; the last key is the step itself where keys of a dict
            are steps.
        value: The step.
        row: What is known of it.
    """

    path: KeyPath
    value: int
    row: Step


def hooks(config: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    """Every hook of a config with its key path: the default ones, then the custom ones."""
    default_key, custom_key = HOOK_KEYS
    default = config.get(default_key)
    if isinstance(default, Mapping):
        for name, hook in default.items():
            if isinstance(hook, Mapping) and isinstance(hook.get("type"), str):
                yield (default_key, name), hook
    custom = config.get(custom_key)
    if isinstance(custom, list | tuple):
        for index, hook in enumerate(custom):
            if isinstance(hook, Mapping) and isinstance(hook.get("type"), str):
                yield (custom_key, index), hook


def known_hooks(
    config: Mapping[str, Any], scope: str | None
) -> Iterator[tuple[KeyPath, Mapping[str, Any], Hook]]:
    """The hooks of a config of which something is known, each with that.

    Args:
        config: The top level of a resolved config.
        scope: Its ``default_scope``.
    """
    for path, hook in hooks(config):
        row = row_of(hook, scope)
        if row is not None:
            yield path, hook, row


def row_of(hook: Mapping[str, Any], scope: str | None) -> Hook | None:
    """What is known of a hook, by its name and the scope in which that is looked up.

    Args:
        hook: The hook as a resolved config has it.
        scope: The ``default_scope`` of the config.
    """
    return hook_row(hook["type"], hook.get(SCOPE) or scope)


def hook_name(hook: Mapping[str, Any]) -> str:
    """The class of a hook, without scope or module."""
    return str(hook["type"]).rpartition(".")[2]


def hook_steps(hook: Mapping[str, Any], row: Hook) -> Iterator[HookStep]:
    """The steps that a hook has, its defaults included; anything else is passed over.

    Args:
        hook: The hook as a resolved config has it.
        row: What is known of its class.
    """
    for step in row.steps:
        argument = step.argument
        value = hook.get(argument, step.default)
        for path, found in _below(value, step.where[1:], (argument,)):
            if is_step(found):
                yield HookStep(path, found, step)


def step_unit(step: Step, hook: Mapping[str, Any], row: Hook, loop: Unit | None) -> Unit | None:
    """What a step of a hook counts.

    Args:
        step: What is known of the step.
        hook: The hook as a resolved config has it.
        row: What is known of the hook.
        loop: What the train loop counts, if that is known.
    """
    if step.unit is not None:
        return step.unit
    if row.flag is None:
        return loop
    # mmengine asks whether it is true, not whether it is True.
    return Unit.EPOCHS if hook.get(row.flag, True) else Unit.ITERATIONS


def _below(
    value: Any, where: tuple[str | Wildcard, ...], path: KeyPath
) -> Iterator[tuple[KeyPath, Any]]:
    if not where:
        yield path, value
        return
    first, rest = where[0], where[1:]
    if first is Wildcard.EACH_ITEM:
        for index, item in enumerate(value if isinstance(value, list | tuple) else ()):
            yield from _below(item, rest, (*path, index))
    elif not isinstance(value, Mapping):
        return
    elif first is Wildcard.EACH_KEY:
        for key in value:
            yield (*path, key), key
    elif first is Wildcard.EACH_VALUE:
        for key, item in value.items():
            yield from _below(item, rest, (*path, key))
    else:
        yield from _below(value.get(first), rest, (*path, str(first)))
