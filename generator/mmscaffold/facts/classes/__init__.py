"""The table of mmengine's and mmdet's classes, read without importing them.

``python -m mmscaffold.project.class_table`` makes it from their wheels.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from mmscaffold.facts.classes.constructor import Constructor, joined_constructors
from mmscaffold.facts.packages import TABLED_SCOPES

TABLE = Path(__file__).with_name("table.json")
# Bases that take no arguments of their own.
_HARMLESS_BASES = frozenset({"abc.ABC", "object"})


class Upstream:
    """The table of classes of the supported versions.

    Args:
        table: The table.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._classes: Mapping[str, Any] = table["classes"]
        self._exports: Mapping[str, str] = table["exports"]
        self._registered: Mapping[str, Mapping[str, str]] = table["registered"]
        self._constructors: dict[str, Constructor | None] = {}
        self.versions: Mapping[str, list[str]] = table["versions"]

    def canonical(self, dotted: str) -> str:
        """Where a class is defined: ``mmengine.runner.BaseLoop`` is one of ``base_loop``."""
        return self._exports.get(dotted, dotted)

    def defined(self, dotted: str) -> str:
        """The same, also where another module than a package imports the class.

        ``mmengine.runner.loops.BaseLoop`` is the one ``BaseLoop`` of mmengine.
        """
        found = self.canonical(dotted)
        if found in self._classes:
            return found
        package, _, rest = dotted.partition(".")
        named = self._by_name.get((package, rest.rpartition(".")[2]), ())
        return named[0] if len(named) == 1 else found

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for dotted in self._classes:
            package, _, rest = dotted.partition(".")
            found.setdefault((package, rest.rpartition(".")[2]), []).append(dotted)
        return found

    def knows(self, dotted: str) -> bool:
        """Whether a class, by the name of its definition, is in the table."""
        return dotted in self._classes

    def lineage(self, dotted: str) -> Iterator[str]:
        """A class and all its bases, nearest first, by the names of their definitions."""
        queue = [self.canonical(dotted)]
        seen = set()
        while queue:
            one = queue.pop(0)
            if one in seen:
                continue
            seen.add(one)
            yield one
            queue += [self.canonical(b) for b in self._classes.get(one, {}).get("bases", ())]

    def properties(self, dotted: str) -> frozenset[str]:
        """The properties of a class and its bases; none of them has a setter."""
        return frozenset(
            name
            for one in self.lineage(dotted)
            for name in self._classes.get(one, {}).get("properties", ())
        )

    def defines(self, dotted: str, name: str) -> bool:
        """Whether a class itself has a method or property of a name; ``False`` if unknown."""
        entry = self._classes.get(dotted, {})
        return name in entry.get("methods", ()) or name in entry.get("properties", ())

    def methods(self, dotted: str) -> frozenset[str]:
        """The methods of a class and its bases."""
        return frozenset(
            name
            for one in self.lineage(dotted)
            for name in self._classes.get(one, {}).get("methods", ())
        )

    def constructor(self, dotted: str) -> Constructor | None:
        """What a class can be built with, the constructors of its bases included.

        Returns:
            ``None`` if the class, or a base that matters, is not in the table.
        """
        if dotted not in self._constructors:
            self._constructors[dotted] = self._joined_constructor(dotted)
        return self._constructors[dotted]

    def _joined_constructor(self, dotted: str) -> Constructor | None:
        lineage = list(self.lineage(dotted))
        parts = [self.own_constructor(one) for one in lineage]
        if not all(one in self._classes or one in _HARMLESS_BASES for one in lineage):
            return None
        return joined_constructors(parts) or Constructor(frozenset(), frozenset(), is_open=False)

    def own_constructor(self, dotted: str) -> Constructor | None:
        """What the ``__init__`` that a class itself defines takes; ``None`` if it has none."""
        entry = self._classes.get(dotted, {})
        if "arguments" not in entry:
            return None
        return Constructor(
            frozenset(entry["arguments"]), frozenset(entry["required"]), bool(entry["open"])
        )

    def registered(self, registry: str, name: str) -> str | None:
        """The class that a registry such as ``LOOPS`` finds under a name; scopes allowed."""
        scope, _, bare = name.rpartition(".")
        if scope and scope not in TABLED_SCOPES:
            # Dotted paths name the class itself.
            return self.canonical(name) if self.canonical(name) in self._classes else None
        return self._registered.get(registry, {}).get(bare)

    def names(self, registry: str) -> frozenset[str]:
        """Every name that a registry knows."""
        return frozenset(self._registered.get(registry, ()))


@cache
def upstream() -> Upstream:
    """The table that comes with the tool."""
    return Upstream(json.loads(TABLE.read_text(encoding="utf-8")))
