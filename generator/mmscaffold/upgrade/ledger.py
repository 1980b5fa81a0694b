"""What became of every value of the old config: nothing is lost silently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from mmscaffold.config.key_path import Key, KeyPath, format_key_path


class Fate(Enum):
    """What can become of a value."""

    MOVED = "moved"
    RENAMED = "renamed"
    DERIVED = "derived"
    DROPPED = "dropped"
    NOTED = "noted"


class Reason(Enum):
    """Why a value may go; there are no others."""

    AUTOMATIC = "3.x does it itself"
    DEFAULT = "it was the default"
    NO_EFFECT = "it had no effect in 2.x"
    NO_COUNTERPART = "it has no counterpart, as a note says"


class Entry(NamedTuple):
    """What became of one key of the old config, and of all in it.

    Attributes:
        path: The key in the old config.
        fate: What became of it.
        rule: The rule that says so.
        new: The key in the new config, of what was moved or renamed, where the rule knows it.
        reason: Why it is gone, of what was dropped.
    """

    path: KeyPath
    fate: Fate
    rule: str
    new: KeyPath | None = None
    reason: Reason | None = None

    @property
    def key(self) -> str:
        """The old key as people write it."""
        return format_key_path(self.path)


@dataclass
class Ledger:
    """The entries of one upgrade; a key may be read by several rules.

    Attributes:
        entries: What became of each key, in the order in which it was said.
        rule: The id of the rule that is reading now.
    """

    entries: list[Entry] = field(default_factory=list)
    rule: str = ""
    _paths: set[KeyPath] = field(default_factory=set)
    # What holds the keys of the entries seen so far; few rules ask for it.
    _holders: set[KeyPath] = field(default_factory=set, repr=False, compare=False)
    _seen: int = field(default=0, repr=False, compare=False)

    def add(self, entry: Entry) -> None:
        """Write down what became of a key."""
        self.entries.append(entry)
        self._paths.add(entry.path)

    def add_all(self, entries: Iterable[Entry]) -> None:
        """Write down what became of many keys."""
        self.entries += entries
        self._paths.update([entry.path for entry in entries])

    def says_below(self, path: KeyPath) -> bool:
        """Whether some rule has said what became of something in a value."""
        for entry in self.entries[self._seen :]:
            holder = entry.path[:-1]
            while holder and holder not in self._holders:
                self._holders.add(holder)
                holder = holder[:-1]
        self._seen = len(self.entries)
        return path in self._holders

    def settled(self, path: KeyPath, keys: Iterable[Key]) -> frozenset[Key]:
        """The keys of a dict that an entry covers: their own, or one of what they lie in.

        Args:
            path: The key path of the dict.
            keys: Its keys.
        """
        known = self._paths
        if any(path[:length] in known for length in range(1, len(path) + 1)):
            return frozenset(keys)
        return frozenset([key for key in keys if (*path, key) in known])

    def unaccounted(self, root: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
        """The leaves of the old config of which no rule said what became of them.

        Args:
            root: The config, or a part of one that no entry covers.
            path: Its key path.
        """
        for key, item in root.items() if isinstance(root, dict) else enumerate(root):
            place = (*path, key)
            if place in self._paths:
                continue
            if isinstance(item, dict | list | tuple) and item:
                yield from self.unaccounted(item, place)
            else:
                yield place

    def counts(self) -> dict[str, int]:
        """How many keys met each fate."""
        counted = Counter(entry.fate for entry in self.entries)
        return {fate.value: counted[fate] for fate in Fate}
