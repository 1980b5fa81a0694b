"""The classes of one package, read off a file of which only the asked-for lines are parsed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from mmscaffold.facts.classes.known_class import KnownClass

FORMAT = 4
"""Raised when what a table holds changes: caches of other formats are not read."""


class PackageTable:
    """The classes of one package.

    Args:
        text: The first line is a JSON object with all but the classes; each further line the
            dotted name of a class, a tab, and a JSON object.
    """

    def __init__(self, text: str) -> None:
        head, _, body = text.partition("\n")
        values = json.loads(head)
        self.package: str = values["package"]
        self.distribution: str = values["distribution"]
        self.version: str = values["version"]
        self.scope: str | None = values["scope"]
        self.registries: Mapping[str, str | None] = values["registries"]
        """Each registry that the package makes, with its parent by dotted name."""
        self.registered: Mapping[str, Mapping[str, str]] = self._by_parent(values["registered"])
        """The names in each registry, with the class; empty where it is none of the package."""
        self.open: frozenset[str] = frozenset(map(self._parent, values["open"]))
        """The registries that get names which only running the code could tell."""
        self.popped: frozenset[str] = frozenset(values["popped"])
        """Keys that some code of the package takes out of dicts before it builds of them."""
        self._body = body
        self._parsed: dict[str, KnownClass] = {}

    def _parent(self, registry: str) -> str:
        """What mmengine calls a registry: ``EVALUATORS`` of mmpose is a child of EVALUATOR."""
        return (self.registries.get(registry) or registry).rpartition(".")[2]

    def _by_parent(self, registered: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for registry, names in registered.items():
            found.setdefault(self._parent(registry), {}).update(names)
        return found

    @cached_property
    def _lines(self) -> dict[str, str]:
        found = {}
        for line in self._body.splitlines():
            dotted, _, row = line.partition("\t")
            found[dotted] = row
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for dotted in self._lines:
            found.setdefault(dotted.rpartition(".")[2], []).append(dotted)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def has_below(self, module: str) -> bool:
        """Whether a class is defined in a module, or below it."""
        start = f"{module}."
        return any(dotted.startswith(start) for dotted in self._lines)

    def named(self, name: str) -> list[KnownClass]:
        """The classes of a name, registered or not."""
        found = (self.find(dotted) for dotted in self._by_name.get(name, ()))
        return [one for one in found if one is not None]

    def find(self, dotted: str) -> KnownClass | None:
        """A class by the name of its definition, or by one under which it is exported.

        A shorter name such as ``mmengine.model.BaseModule`` means the one class of that name
        below ``mmengine.model``; where there are several, none.
        """
        if dotted not in self._lines:
            start, _, name = dotted.rpartition(".")
            below = [one for one in self._by_name.get(name, ()) if one.startswith(f"{start}.")]
            if len(below) != 1:
                return None
            dotted = below[0]
        if dotted not in self._parsed:
            self._parsed[dotted] = KnownClass.of_row(dotted, json.loads(self._lines[dotted]))
        return self._parsed[dotted]


def table_text(head: Mapping[str, Any], classes: Iterable[KnownClass]) -> str:
    """A table as it is written: the same classes give the same bytes.

    Args:
        head: All but the classes.
        classes: The classes.
    """
    lines = [_compact(head)]
    lines += [
        f"{one.dotted}\t{_compact(one.row())}"
        for one in sorted(classes, key=lambda one: one.dotted)
    ]
    return "\n".join(lines) + "\n"


def _compact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
