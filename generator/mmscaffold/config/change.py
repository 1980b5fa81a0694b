"""The one vocabulary of change: what a resolved config shall hold, and where two differ."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mmscaffold.config.evaluate.values import LazyName, Unknown
from mmscaffold.config.key_path import KeyPath, format_key_path


class Missing(enum.Enum):
    """The type of ``MISSING``; an enum, so that it stays the same one in every process."""

    MISSING = "(none)"

    def __repr__(self) -> str:
        return self.value


MISSING: Final = Missing.MISSING
"""Stands for "no such key", in a ``Change`` and wherever a value is looked up."""


@dataclass(frozen=True)
class Change:
    """One value that a resolved config shall hold.

    Attributes:
        path: Its key.
        new: The value, or ``MISSING`` if the key shall go.
        why: The reason, for people.
    """

    path: KeyPath
    new: Any
    why: str = ""

    @property
    def key(self) -> str:
        """The key as people write it, such as ``param_scheduler[1].end``."""
        return format_key_path(self.path)


@dataclass
class Adjustment:
    """Changes that belong together, and what could not be decided.

    Attributes:
        changes: The values to set.
        notes: What is left alone, and why.
    """

    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def value_at(config: Any, path: KeyPath) -> Any:
    """The value at a key path, or ``MISSING``."""
    for key in path:
        try:
            config = config[key]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return config


def apply(config: Mapping[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """A config with every change made; what no change reaches is shared with the old one.

    Args:
        config: The top level of a resolved config; it stays as it is.
        changes: In order. A ``MISSING`` key that is not there stays away.

    Raises:
        KeyError: If what shall hold a new value is not there.
    """
    result: dict[str, Any] = dict(config)
    # Containers made here, which may be changed in place.
    made = {id(result)}
    for change in changes:
        parent: Any = result
        for key in change.path[:-1]:
            child = parent[key]
            if id(child) not in made:
                child = dict(child) if isinstance(child, dict) else list(child)
                made.add(id(child))
                parent[key] = child
            parent = child
        if change.new is MISSING:
            del parent[change.path[-1]]
        else:
            parent[change.path[-1]] = change.new
    return result


def overlap(left: KeyPath, right: KeyPath) -> bool:
    """Whether one of two keys is the other, or lies within it."""
    return left[: len(right)] == right or right[: len(left)] == left


def first_difference(actual: Any, wanted: Any, path: KeyPath = ()) -> KeyPath | None:
    """The first key at which two configs differ, or ``None``.

    Types count (a tuple is not a list, ``True`` is not 1); the order of keys does not.
    Two unknowns are the same if they blame the same expression.
    """
    if actual is wanted:
        # Most of a config is shared with the one before.
        return None
    if isinstance(actual, dict) and isinstance(wanted, dict):
        for key in [*wanted, *(key for key in actual if key not in wanted)]:
            found = first_difference(
                actual.get(key, MISSING), wanted.get(key, MISSING), (*path, key)
            )
            if found is not None:
                return found
        return None
    if isinstance(actual, LazyName) and isinstance(wanted, LazyName):
        return None if actual.dumped == wanted.dumped else path
    if isinstance(actual, Unknown) and isinstance(wanted, Unknown):
        return None if actual.reason == wanted.reason else path
    for kind in (list, tuple):
        if isinstance(actual, kind) and isinstance(wanted, kind):
            return _first_in_sequences(actual, wanted, path)
    if type(actual) is not type(wanted):
        return path
    return None if actual == wanted or (actual != actual and wanted != wanted) else path


def _first_in_sequences(actual: Any, wanted: Any, path: KeyPath) -> KeyPath | None:
    if len(actual) != len(wanted):
        return path
    for index, (left, right) in enumerate(zip(actual, wanted, strict=True)):
        found = first_difference(left, right, (*path, index))
        if found is not None:
            return found
    return None


def differences(before: Any, after: Any, path: KeyPath = ()) -> Iterator[Change]:
    """What makes one plain config of another, as deep as dicts and equally long lists go.

    Yields:
        A change for each key that differs, with its value afterwards (or ``MISSING``).
    """
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from differences(before.get(key, MISSING), after.get(key, MISSING), (*path, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after, strict=True)):
            yield from differences(*pair, (*path, index))
    elif first_difference(before, after) is not None:
        yield Change(path, after)
