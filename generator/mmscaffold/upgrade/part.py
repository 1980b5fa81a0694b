"""Take the old config apart and put the new one together, with every value accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple
from mmscaffold.config.key_path import Key, KeyPath
from mmscaffold.upgrade.ledger import Entry, Fate, Ledger, Reason


class New:
    """A dict of the new config, at its key path.

    Its values keep their origins: the text forms copy the old expressions by them.

    Args:
        values: The dict.
        path: Its place.
        shared: By ``id``, the dicts that are not of this config alone, and are copied before
            something is put into them.
    """

    __slots__ = ("_shared", "path", "values")

    def __init__(
        self, values: CfgDict, path: KeyPath = (), shared: AbstractSet[int] = frozenset()
    ) -> None:
        self.values = values
        self.path = path
        self._shared = shared

    def __contains__(self, key: Key) -> bool:
        return key in self.values

    def get(self, key: Key, default: Any = None) -> Any:
        """The value of a key."""
        return self.values.get(key, default)

    def put(self, key: Key, value: Any) -> None:
        """Set a value that the rule made."""
        self.values.put(key, value, None)

    def child(self, key: Key) -> New:
        """The dict at a key, which is made if it is not there."""
        old = self.values.get(key)
        if not isinstance(old, CfgDict):
            old = CfgDict(old if isinstance(old, dict) else {})
            self.put(key, old)
        elif id(old) in self._shared:
            old = old.copy()
            self.values.put(key, old, self.values.origins.get(key))
        return New(old, (*self.path, key), self._shared)

    def remove(self, key: Key) -> None:
        """Take a key out, if it is there."""
        self.values.pop(key, None)


class Part:
    """A dict of the old config, as one rule takes it apart.

    To look at a value (``get``, ``in``) says nothing of it. What becomes of it is said by
    ``move``, ``take``, ``drop`` or ``leave_to_note``; ``rest`` moves all of which none was said.

    Args:
        values: The dict.
        path: Its place in the old config.
        ledger: Where its keys are accounted for.
    """

    __slots__ = ("_ledger", "_said", "path", "values")

    def __init__(self, values: CfgDict, path: KeyPath, ledger: Ledger) -> None:
        self.values = values
        self.path = path
        self._ledger = ledger
        self._said: set[Key] = set()

    def __contains__(self, key: Key) -> bool:
        return key in self.values

    def __iter__(self) -> Iterator[Key]:
        return iter(self.values)

    def get(self, key: Key, default: Any = None) -> Any:
        """Look at a value."""
        return self.values.get(key, default)

    def take(self, key: Key, default: Any = None) -> Any:
        """The value of a key, from which the rule derives something."""
        if key in self.values:
            self._say(key, Fate.DERIVED)
        return self.values.get(key, default)

    def move(self, key: Key, to: New, name: Key | None = None) -> None:
        """Set a value in the new config as it is, with its origin, if the old one has it."""
        values = self.values
        if key not in values:
            return
        name = key if name is None else name
        to.values.put(name, values[key], values.origins.get(key))
        self._say(key, Fate.MOVED if name == key else Fate.RENAMED, (*to.path, name))

    def drop(self, key: Key, reason: Reason) -> None:
        """Let a value go, if it is there."""
        if key in self.values:
            self._say(key, Fate.DROPPED, reason=reason)

    def leave_to_note(self, key: Key) -> Any:
        """The value of a key that has no counterpart; the rule yields a note on it."""
        if key in self.values:
            self._say(key, Fate.NOTED)
        return self.values.get(key)

    def rest(self, to: New) -> None:
        """Move every key of which nothing was said."""
        for key in self.unsaid():
            self.move(key, to)

    @property
    def said(self) -> frozenset[Key]:
        """The keys of which this rule said something."""
        return frozenset(self._said)

    def unsaid(self) -> list[Key]:
        """The keys of which nothing was said by this rule."""
        return [key for key in self.values if key not in self._said]

    def part(self, key: Key) -> Part | None:
        """The dict at a key, to be taken apart in turn; ``None`` if there is no dict."""
        value = self.values.get(key)
        if not isinstance(value, CfgDict):
            return None
        self._said.add(key)
        if not value:
            self._ledger.add(Entry((*self.path, key), Fate.DERIVED, self._ledger.rule))
        return Part(value, (*self.path, key), self._ledger)

    def inside(self, key: Key) -> Part | None:
        """The dict at a key, of which nothing is said; ``None`` if it is none, or empty."""
        value = self.values.get(key)
        if not isinstance(value, CfgDict) or not value:
            return None
        return Part(value, (*self.path, key), self._ledger)

    def parts(self, key: Key) -> list[Part]:
        """The dicts in a list or tuple at a key; its other elements count as derived from."""
        value = self.values.get(key)
        if not isinstance(value, CfgList | CfgTuple):
            return []
        self._said.add(key)
        path = (*self.path, key)
        if not value:
            self._ledger.add(Entry(path, Fate.DERIVED, self._ledger.rule))
        found = []
        for index, item in enumerate(value):
            if isinstance(item, CfgDict) and item:
                found.append(Part(item, (*path, index), self._ledger))
            else:
                self._ledger.add(Entry((*path, index), Fate.DERIVED, self._ledger.rule))
        return found

    def elements(self, key: Key) -> list[Any]:
        """The elements of a list or tuple at a key: dicts as parts, all else as it is, moved."""
        value = self.values.get(key)
        if not isinstance(value, CfgList | CfgTuple):
            return []
        self._said.add(key)
        path = (*self.path, key)
        if not value:
            self._ledger.add(Entry(path, Fate.MOVED, self._ledger.rule))
        found: list[Any] = []
        for index, item in enumerate(value):
            if isinstance(item, CfgDict):
                found.append(Part(item, (*path, index), self._ledger))
            else:
                found.append(item)
            if not isinstance(item, CfgDict) or not item:
                self._ledger.add(Entry((*path, index), Fate.MOVED, self._ledger.rule))
        return found

    def elements_of(self, key: Key) -> list[Part]:
        """The dicts in a list or tuple at a key, of whose other elements nothing is said."""
        value = self.values.get(key)
        if not isinstance(value, CfgList | CfgTuple):
            return []
        path = (*self.path, key)
        return [
            Part(item, (*path, index), self._ledger)
            for index, item in enumerate(value)
            if isinstance(item, CfgDict)
        ]

    def settled(self) -> frozenset[Key]:
        """The keys of which some rule has said what became of them, and of all in them."""
        return self._ledger.settled(self.path, self.values)

    def lists(self, key: Key) -> list[list[Part]]:
        """The dicts in each list of a list at a key; all else counts as derived from."""
        value = self.values.get(key)
        if not isinstance(value, CfgList | CfgTuple):
            return []
        self._said.add(key)
        holder = Part(CfgDict(enumerate(value)), (*self.path, key), self._ledger)
        found = []
        for index, item in enumerate(value):
            found.append(holder.parts(index))
            if not isinstance(item, CfgList | CfgTuple):
                holder.take(index)
        return found

    def nothing(self) -> Part:
        """An empty dict of no place, for what comes of no old dict."""
        return Part(CfgDict(), (), Ledger())

    def _say(
        self, key: Key, fate: Fate, new: KeyPath | None = None, reason: Reason | None = None
    ) -> None:
        self._said.add(key)
        self._ledger.add(Entry((*self.path, key), fate, self._ledger.rule, new, reason))
