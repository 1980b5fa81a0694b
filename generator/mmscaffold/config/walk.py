"""Walk over every value of a config, with its key path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.key_path import KeyPath

_CONTAINERS = (dict, list, tuple)
# Most values are of these types: to look that up is twice as fast as to ask for containers.
SCALARS = frozenset({str, int, float, bool, type(None)})
"""The types of most values of a config; a subclass is none of them."""


def nodes(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every value in a config, each container before what it holds, in order.

    Args:
        value: A config, or a part of one; it is yielded first.
        path: The key path of ``value``.
    """
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, _CONTAINERS):
                yield from nodes(item, (*path, key))
            else:
                yield (*path, key), item
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            if isinstance(item, _CONTAINERS):
                yield from nodes(item, (*path, index))
            else:
                yield (*path, index), item


def dicts(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, dict[Any, Any]]]:
    """Every dict in a config, each before those in it, in order.

    Args:
        value: A config, or a part of one; if it is a dict, it is yielded first.
        path: The key path of ``value``.
    """
    # Without recursion: a tree of configs has a million values.
    pending = [(path, value)] if isinstance(value, _CONTAINERS) else []
    while pending:
        place, item = pending.pop()
        if isinstance(item, dict):
            yield place, item
        inner = item.items() if isinstance(item, dict) else enumerate(item)
        found = [
            ((*place, key), one)
            for key, one in inner
            if type(one) not in SCALARS and isinstance(one, _CONTAINERS)
        ]
        if found:
            pending += reversed(found)


def dicts_in(value: Any, seen: set[int] | None = None) -> Iterator[dict[Any, Any]]:
    """The same dicts in any order, without their key paths: in half of the time.

    Args:
        value: A config, or a part of one.
        seen: By ``id``, containers that are left out, with all in them; those of ``value`` are
            added. It holds for as long as they all exist.
    """
    pending = [value] if isinstance(value, _CONTAINERS) else []
    while pending:
        item = pending.pop()
        if seen is not None:
            if id(item) in seen:
                continue
            seen.add(id(item))
        if isinstance(item, dict):
            yield item
        for one in item.values() if isinstance(item, dict) else item:
            if type(one) not in SCALARS and isinstance(one, _CONTAINERS):
                pending.append(one)


def holds(value: Any, kind: type) -> bool:
    """Whether a config, or a part of one, holds a value of some type.

    Args:
        value: The config, or the part, or the value itself.
        kind: The type; none of a container.
    """
    if isinstance(value, kind):
        return True
    pending = [value] if isinstance(value, _CONTAINERS) else []
    while pending:
        item = pending.pop()
        for one in item.values() if isinstance(item, dict) else item:
            if type(one) in SCALARS:
                continue
            if isinstance(one, kind):
                return True
            if isinstance(one, _CONTAINERS):
                pending.append(one)
    return False


def leaves(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every scalar and empty container in a config, in order.

    Args:
        value: A config, or a part of one.
        path: The key path of ``value``.
    """
    for place, item in nodes(value, path):
        if not isinstance(item, _CONTAINERS) or not item:
            yield place, item
