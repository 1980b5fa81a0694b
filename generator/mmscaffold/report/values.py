"""All values of all configs, each with its place; what many configs share is held once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmscaffold.config import ConfigError
from mmscaffold.config.edit.rendering import render
from mmscaffold.config.evaluate.containers import origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import LazyName, Unknown, to_plain
from mmscaffold.config.key_path import KeyPath, format_key_path

_LONGEST = 300  # characters of a value or an expression
_CONTAINERS = (dict, list, tuple)
_SCALARS = (str, int, float, bool, type(None))
NOWHERE = -1


@dataclass
class Values:
    """The tables of the page.

    Attributes:
        keys: Key paths, as text.
        texts: Values and expressions, as text.
        files: The files that places are in, and all that were asked for.
        places: File, line and expression (one of ``texts``) of each place.
        entries: Key, value and place of each entry, ``NOWHERE`` if that is not known; and
            what it replaced when bases merged.
    """

    keys: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    places: list[tuple[int, int, int]] = field(default_factory=list)
    entries: list[tuple[int, int, int, tuple[int, ...]]] = field(default_factory=list)
    _keys: dict[KeyPath, int] = field(default_factory=dict)
    _texts: dict[str, int] = field(default_factory=dict)
    _files: dict[Path, int] = field(default_factory=dict)
    # The node is kept, so that no other comes to have its id.
    _places: dict[int, tuple[Any, int]] = field(default_factory=dict)
    _entries: dict[tuple[int, int, int, tuple[int, ...]], int] = field(default_factory=dict)

    def of(self, config: Mapping[str, Any]) -> list[int]:
        """The entries of a resolved config, in order."""
        found: list[int] = []
        self._walk(config, (), None, found)
        return found

    def file(self, path: Path) -> int:
        """The number of a file."""
        known = self._files.get(path)
        if known is None:
            known = self._files[path] = len(self.files)
            self.files.append(path)
        return known

    def text(self, text: str) -> int:
        """The number of a text."""
        text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."
        known = self._texts.get(text)
        if known is None:
            known = self._texts[text] = len(self.texts)
            self.texts.append(text)
        return known

    def _walk(self, value: Any, path: KeyPath, outer: Origin | None, found: list[int]) -> None:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in pairs:
            origin = origin_of(value, key) or outer
            if isinstance(item, _CONTAINERS) and item:
                self._walk(item, (*path, key), origin, found)
            else:
                found.append(self._entry((*path, key), item, origin))

    def _entry(self, path: KeyPath, value: Any, origin: Origin | None) -> int:
        key = self._keys.get(path)
        if key is None:
            key = self._keys[path] = len(self.keys)
            self.keys.append(format_key_path(path))
        place = NOWHERE
        replaced: tuple[int, ...] = ()
        if origin is not None:
            place = self._place(origin)
            if origin.replaced is not None:
                replaced = tuple(self._place(one) for one in origin.overrode())
        entry = (key, self.text(shown(value)), place, replaced)
        known = self._entries.get(entry)
        if known is None:
            known = self._entries[entry] = len(self.entries)
            self.entries.append(entry)
        return known

    def _place(self, origin: Origin) -> int:
        known = self._places.get(id(origin.node))
        if known is not None:
            return known[1]
        number = len(self.places)
        self._places[id(origin.node)] = (origin.node, number)
        self.places.append((self.file(origin.path), origin.line, self.text(origin.text)))
        return number


def shown(value: Any) -> str:
    """A value as text, as Python would write it."""
    if isinstance(value, _SCALARS):
        return repr(value)
    if isinstance(value, Unknown):
        return f"not known: {value.reason}"
    if isinstance(value, LazyName):
        return value.dumped
    try:
        return render(to_plain(value))
    except ConfigError:
        # A date of YAML, which no Python config can hold.
        return repr(value)
