"""The one vocabulary of change: what a resolved config must hold, and where two differ."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from mmscaffold.config.evaluate.values import LazyName, Unknown
from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.config.walk import SCALARS


class Missing(enum.Enum):
    """The type of ``MISSING``; an enum, so that it stays the same one in every process."""

    MISSING = "(none)"

    def __repr__(self) -> str:
        return self.value


MISSING: Final = Missing.MISSING
"""Stands for "no such key", in a ``Change`` and wherever a value is looked up."""


class Change(NamedTuple):
    """One value that a resolved config must hold.

    Attributes:
        path: Its key.
        new: The value, or ``MISSING`` if the key must go.
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
        refused: What would be wrong if it were left alone, as the notes say, and cannot be
            changed; each with the reason.
    """

    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: list[tuple[KeyPath, str]] = field(default_factory=list)

    def leave(self, path: KeyPath, reason: str) -> None:
        """Leave something alone that is wrong then."""
        self.notes.append(f"{format_key_path(path)} left alone: {reason}")
        self.refused.append((path, reason))


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
        changes: In order. A key that is not there can be removed all the same.

    Raises:
        LookupError: If the container that must hold a new value is not there.
    """
    result = dict(config)
    for change in changes:
        result = _with(result, change.path, change.new)
    return result


def _with(container: Any, path: KeyPath, new: Any) -> Any:
    """A copy of a container with one value below it set or removed."""
    key: Any = path[0]
    rest = path[1:]
    copied: Any = dict(container) if isinstance(container, dict) else list(container)
    if rest:
        copied[key] = _with(container[key], rest, new)
    elif new is not MISSING:
        copied[key] = new
    elif value_at(container, path) is not MISSING:
        del copied[key]
    return tuple(copied) if isinstance(container, tuple) else copied


def overlap(left: KeyPath, right: KeyPath) -> bool:
    """Whether one of two keys is the other, or lies within it."""
    return left[: len(right)] == right or right[: len(left)] == left


def first_difference(actual: Any, wanted: Any) -> KeyPath | None:
    """The first key at which two configs differ, or ``None``.

    Types count (a tuple is not a list, ``True`` is not 1); the order of keys does not.
    Two unknowns are the same if they blame the same expression.
    """
    if actual is wanted:
        # Most of a config is shared with the one before.
        return None
    if type(wanted) in SCALARS:
        # Most of what is not is a scalar: that is asked first.
        return None if type(actual) is type(wanted) and _is_equal(actual, wanted) else ()
    if isinstance(actual, dict) and isinstance(wanted, dict):
        return _first_in_dicts(actual, wanted)
    for kind in (list, tuple):
        if isinstance(actual, kind) and isinstance(wanted, kind):
            return _first_in_sequences(actual, wanted)
    if isinstance(actual, LazyName) and isinstance(wanted, LazyName):
        return None if actual.dumped == wanted.dumped else ()
    if isinstance(actual, Unknown) and isinstance(wanted, Unknown):
        return None if actual.reason == wanted.reason else ()
    if type(actual) is not type(wanted):
        return ()
    return None if _is_equal(actual, wanted) else ()


def _is_equal(actual: Any, wanted: Any) -> bool:
    # NaN is no number, and the same as another NaN.
    return bool(actual == wanted or (actual != actual and wanted != wanted))


def _first_in_dicts(actual: dict[Any, Any], wanted: dict[Any, Any]) -> KeyPath | None:
    for key, value in wanted.items():
        other = actual.get(key, MISSING)
        # Asked here, too: most of the time it spares a call.
        found = None if other is value else first_difference(other, value)
        if found is not None:
            return (key, *found)
    if len(actual) == len(wanted):
        return None
    return next((key,) for key in actual if key not in wanted)


def _first_in_sequences(actual: Any, wanted: Any) -> KeyPath | None:
    if len(actual) != len(wanted):
        return ()
    for index, (left, right) in enumerate(zip(actual, wanted, strict=True)):
        found = None if left is right else first_difference(left, right)
        if found is not None:
            return (index, *found)
    return None


def largest_group(values: Iterable[Any]) -> list[Any]:
    """The values that are equal to each other, of the value that occurs most often."""
    groups: list[list[Any]] = []
    for value in values:
        for group in groups:
            if first_difference(group[0], value) is None:
                group.append(value)
                break
        else:
            groups.append([value])
    return max(groups, key=len, default=[])


def differences(before: Any, after: Any, path: KeyPath = ()) -> Iterator[Change]:
    """What makes one config of another, as deep as dicts and equally long lists go.

    Args:
        before: A config, or a part of one.
        after: What it becomes.
        path: The key path of both.

    Yields:
        A change for each key that differs, with its value afterwards (or ``MISSING``).
    """
    if before is after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from differences(before.get(key, MISSING), after.get(key, MISSING), (*path, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after, strict=True)):
            yield from differences(*pair, (*path, index))
    elif first_difference(before, after) is not None:
        yield Change(path, after)


def changed_items(before: Any, after: dict[Any, Any] | list[Any]) -> dict[Any, Any]:
    """What differs between two dicts, or two equally long lists, one level deep.

    Args:
        before: A dict or a list; anything else has no items.
        after: What it becomes.

    Returns:
        The value afterwards of each key or index that is new or differs, in the order of
        ``after``. For the keys that go, see ``removed_keys``.
    """
    items = after.items() if isinstance(after, dict) else enumerate(after)
    return {
        key: value
        for key, value in items
        if first_difference(value_at(before, (key,)), value) is not None
    }


def removed_keys(before: Any, after: Mapping[Any, Any]) -> list[Any]:
    """The keys of one dict that another no longer has, in order."""
    return [key for key in before if key not in after] if isinstance(before, dict) else []
