"""What a table says of a part, by its class or the nearest of its bases that the table has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.parts import Part

T = TypeVar("T")


def row_of(config: ConfigView, part: Part, table: Mapping[str, T]) -> T | None:
    """The row of the class of a part, or of the nearest of its bases.

    Args:
        config: The config.
        part: The part.
        table: By the classes that define them.

    Returns:
        ``None`` if it has none, or the part is not of a class of a package, or releases differ.
    """
    if not config.is_of_a_package(part):
        return None
    rows = []
    for known in config.find(part).classes:
        lineage = config.family.lineage(known)
        dotted = (one if isinstance(one, str) else one.dotted for one in lineage)
        rows.append(next((table[one] for one in dotted if one in table), None))
    return rows[0] if rows and all(one == rows[0] for one in rows) else None


def is_of(config: ConfigView, part: Part, classes: frozenset[str]) -> bool:
    """Whether the class of a part is one of some, or derives from one, in a package."""
    return row_of(config, part, dict.fromkeys(classes, True)) is True


def exact_row(config: ConfigView, part: Part, table: Mapping[str, T]) -> T | None:
    """The row of the class of a part itself: what derives from it has none.

    Args:
        config: The config.
        part: The part.
        table: By the classes that define them.

    Returns:
        ``None`` if it has none, or the part is not of a class of a package, or releases differ.
    """
    if not config.is_of_a_package(part):
        return None
    rows = [table.get(known.dotted) for known in config.find(part).classes]
    return rows[0] if rows and all(one == rows[0] for one in rows) else None
