"""Where two configs differ, leaf by leaf."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

ABSENT = "<absent>"
"""In place of a value that one of the two does not have."""


class Leaf(NamedTuple):
    """A place at which an upgraded config and its twin differ.

    Attributes:
        key: Its key path; an element of a list is named by its ``type``.
        ours: What the upgraded config has there.
        theirs: What the twin has there.
    """

    key: str
    ours: Any
    theirs: Any


def differing(ours: Any, theirs: Any, key: str) -> Iterator[Leaf]:
    """The leaves that differ.

    Args:
        ours: A part of the upgraded config.
        theirs: The same part of its twin.
        key: Its key path.
    """
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted(ours.keys() | theirs.keys()):
            yield from differing(ours.get(name, ABSENT), theirs.get(name, ABSENT), f"{key}.{name}")
    elif _are_parts(ours) and _are_parts(theirs) and ours + theirs:
        kinds = [[part.get("type") for part in parts] for parts in (ours, theirs)]
        if kinds[0] != kinds[1]:
            yield Leaf(f"{key}[types]", *kinds)
            return
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from differing(one, other, f"{key}[{one.get('type', number)}]")
    elif ours != theirs:
        yield Leaf(key, ours, theirs)


def _are_parts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, dict) for part in value)
