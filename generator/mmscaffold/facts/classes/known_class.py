"""What the tables say of one class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

_REQUIRED = "!"
NOT_TOLD = 0
"""The number of classes of a data set that the code does not write out."""

ANY = "*"
"""Among what a class gives to parts: it hands them arguments by position, which have no name."""


class KnownClass(NamedTuple):
    """One class, as its own definition shows it; its bases have entries of their own.

    Attributes:
        dotted: Where it is defined.
        bases: Its direct bases, by dotted names.
        arguments: Of the ``__init__`` that it defines itself, in order; ``None`` if it has none.
        required: Those of them without a default.
        hands_on: Whether further keywords go on to the constructor of a base.
        is_open: Whether it takes further keywords for itself, or what it takes cannot be told.
        supplied: What it hands to the constructor of its base itself, by name.
        passed: How many arguments it hands on by position.
        members: The methods and properties that it defines, of loops, Runners and hooks.
        classes: Of a data set, the names of its classes, or their number where they are many.
        texts: Short class attributes, such as ``default_prefix`` of a metric.
        given: What it may put into the dicts of parts before it builds these.
    """

    dotted: str
    bases: tuple[str, ...] = ()
    arguments: tuple[str, ...] | None = None
    required: frozenset[str] = frozenset()
    hands_on: bool = False
    is_open: bool = False
    supplied: frozenset[str] = frozenset()
    passed: int = 0
    members: tuple[str, ...] = ()
    classes: tuple[str, ...] | int | None = None
    texts: Mapping[str, Any] | None = None
    given: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Its name, without its module."""
        return self.dotted.rpartition(".")[2]

    def row(self) -> dict[str, Any]:
        """What is written to a table: short keys, and nothing that is empty."""
        values: dict[str, Any] = {
            "b": list(self.bases),
            "h": int(self.hands_on),
            "o": int(self.is_open),
            "s": sorted(self.supplied),
            "n": self.passed,
            "m": list(self.members),
            "t": dict(self.texts or {}),
            "g": sorted(self.given),
        }
        values = {key: value for key, value in values.items() if value}
        if self.arguments is not None:
            values["a"] = [
                f"{one}{_REQUIRED if one in self.required else ''}" for one in self.arguments
            ]
        if self.classes is not None:
            values["c"] = self.classes if isinstance(self.classes, int) else list(self.classes)
        return values

    @classmethod
    def of_row(cls, dotted: str, row: Mapping[str, Any]) -> KnownClass:
        """The class that a row of a table says."""
        named: Sequence[str] | None = row.get("a")
        classes = row.get("c")
        return cls(
            dotted,
            tuple(row.get("b", ())),
            None if named is None else tuple(one.rstrip(_REQUIRED) for one in named),
            frozenset(one[:-1] for one in named or () if one.endswith(_REQUIRED)),
            bool(row.get("h")),
            bool(row.get("o")),
            frozenset(row.get("s", ())),
            row.get("n", 0),
            tuple(row.get("m", ())),
            tuple(classes) if isinstance(classes, list) else classes,
            row.get("t"),
            frozenset(row.get("g", ())),
        )
