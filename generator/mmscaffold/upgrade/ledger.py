"""What became of every value of the old config: nothing is lost silently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.config.walk import leaves


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


@dataclass(frozen=True)
class Entry:
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
    """The entries of one upgrade; a key may be read by several rules."""

    entries: list[Entry] = field(default_factory=list)
    _paths: set[KeyPath] = field(default_factory=set)

    def add(self, entry: Entry) -> None:
        """Write down what became of a key."""
        self.entries.append(entry)
        self._paths.add(entry.path)

    def accounts_for(self, path: KeyPath) -> bool:
        """Whether an entry covers a key: its own, or one of what it lies in."""
        return any(path[:length] in self._paths for length in range(1, len(path) + 1))

    def unaccounted(self, root: Any) -> Iterator[KeyPath]:
        """The leaves of the old config of which no rule said what became of them."""
        return (path for path, _ in leaves(root) if path and not self.accounts_for(path))

    def counts(self) -> dict[str, int]:
        """How many keys met each fate."""
        counted = Counter(entry.fate for entry in self.entries)
        return {fate.value: counted[fate] for fate in Fate}
