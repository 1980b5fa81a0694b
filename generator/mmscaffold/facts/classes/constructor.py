"""What a class can be built with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Constructor:
    """What a class can be built with.

    Attributes:
        arguments: The names of its arguments, ``self`` left out.
        required: Those without a default.
        is_open: Whether it takes any other keyword.
        supplied: What it hands to the constructors of its bases itself.
    """

    arguments: frozenset[str]
    required: frozenset[str]
    is_open: bool
    supplied: frozenset[str] = frozenset()


def joined_constructors(parts: Iterable[Constructor | None]) -> Constructor | None:
    """What a class takes whose bases' constructors are these, nearest first.

    Args:
        parts: The constructor of the class and of each base, ``None`` where one defines none.

    Returns:
        ``None`` if none defines any.
    """
    arguments: set[str] = set()
    required: set[str] = set()
    supplied: set[str] = set()
    found = False
    for part in parts:
        if part is None:
            continue
        found = True
        arguments |= part.arguments
        # What a class supplies, its bases need not get from elsewhere.
        required |= part.required - supplied
        supplied |= part.supplied
        if not part.is_open:
            return Constructor(frozenset(arguments), frozenset(required), is_open=False)
    return Constructor(frozenset(arguments), frozenset(required), is_open=True) if found else None
