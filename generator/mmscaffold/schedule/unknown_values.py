"""What of a schedule cannot be known without running code, and so is not moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.config import Unknown
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.hooks import FIXED_ARGUMENTS
from mmscaffold.facts.runner import HOOK_KEYS
from mmscaffold.facts.schedulers import STEP_ARGUMENTS, UNMOVED
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.hooks import row_of
from mmscaffold.schedule.steps import counts_epochs

_MOVED = tuple(name for name, role in STEP_ARGUMENTS.items() if role not in UNMOVED)
_OF_LOOP = ("val_interval", "val_begin", "dynamic_intervals")


def unknown_of_schedulers(
    config: Mapping[str, Any], unit: Unit
) -> Iterator[tuple[KeyPath, Unknown]]:
    """What decides where a scheduler lies, and cannot be known.

    Args:
        config: The top level of a resolved config.
        unit: What its loop counts; of a scheduler that counts the other, nothing moves.
    """
    yield from _of_schedulers(config.get("param_scheduler"), ("param_scheduler",), unit)


def _of_schedulers(value: Any, path: KeyPath, unit: Unit) -> Iterator[tuple[KeyPath, Unknown]]:
    if isinstance(value, Unknown):
        yield path, value
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _of_schedulers(item, (*path, index), unit)
    elif isinstance(value, Mapping) and "type" not in value:
        for key, item in value.items():
            yield from _of_schedulers(item, (*path, key), unit)
    elif isinstance(value, Mapping):
        by_epoch = counts_epochs(value)
        names = ("type", "by_epoch", "begin", "end", *_MOVED)
        if by_epoch is not None and by_epoch is not (unit is Unit.EPOCHS):
            names = ("type",)
        for name in names:
            if isinstance(value.get(name), Unknown):
                yield (*path, name), value[name]


def unknown_beside(config: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Unknown]]:
    """What of validations and hooks may be a step of the training, and cannot be known.

    Args:
        config: The top level of a resolved config.
    """
    loop = config.get("train_cfg")
    for name in _OF_LOOP:
        if isinstance(loop, Mapping) and isinstance(loop.get(name), Unknown):
            yield ("train_cfg", name), loop[name]
    scope = config.get("default_scope")
    for key in HOOK_KEYS:
        yield from _of_hooks(config.get(key), (key,), scope if isinstance(scope, str) else None)


def _of_hooks(value: Any, path: KeyPath, scope: str | None) -> Iterator[tuple[KeyPath, Unknown]]:
    if isinstance(value, Unknown):
        yield path, value
    elif len(path) == 1 and isinstance(value, list | tuple | Mapping):
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, item in items:
            yield from _of_hooks(item, (*path, key), scope)
    elif isinstance(value, Mapping):
        kind = value.get("type")
        if isinstance(kind, Unknown):
            yield (*path, "type"), kind
        if not isinstance(kind, str):
            return
        row = row_of(value, scope)
        steps = {step.argument for step in row.steps} if row is not None else set()
        for name, item in value.items():
            if isinstance(item, Unknown) and name in steps and name not in FIXED_ARGUMENTS:
                yield (*path, name), item
