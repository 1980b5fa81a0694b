"""A dict of the old config on its way to one of the new."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.key_path import Key
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.part import New, Part


class Draft:
    """A dict that changes key by key and keeps its order, as its text does.

    It starts as a copy of the old dict; its values are the new one.

    Args:
        part: The old dict.

    Attributes:
        part: The old dict.
        values: The new dict.
    """

    def __init__(self, part: Part) -> None:
        self.part = part
        self.values: CfgDict = part.values.copy()

    def __contains__(self, key: Key) -> bool:
        return key in self.values

    def get(self, key: Key, default: Any = None) -> Any:
        """A value as it is by now."""
        return self.values.get(key, default)

    def rename(self, key: Key, name: Key) -> None:
        """Call a value otherwise."""
        if key in self.part:
            self.part.move(key, New(CfgDict(), self.part.path), name)
        self._replace(key, name, self.values.get(key))

    def turn(self, key: Key, value: Any, name: Key | None = None) -> None:
        """Set what a value becomes, which is written where the old one was."""
        self.part.take(key)
        self._replace(key, key if name is None else name, value)

    def drop(self, key: Key, reason: Reason) -> None:
        """Let a value go, if it is there."""
        self.part.drop(key, reason)
        self.values.pop(key, None)

    def use(self, key: Key) -> Any:
        """Take a value out, from which the rule derives something else."""
        self.part.take(key)
        return self.values.pop(key, None)

    def leave_to_note(self, key: Key) -> Any:
        """Take out a value that has no counterpart; the rule yields a note on it."""
        self.values.pop(key, None)
        return self.part.leave_to_note(key)

    def add(self, key: Key, value: Any) -> None:
        """Set a value that the rule made; a new key comes last."""
        self.values.put(key, value, None)

    def finish(self) -> None:
        """Say of every key of which nothing was said that it is kept."""
        self.part.rest(New(CfgDict(), self.part.path))

    def _replace(self, key: Key, name: Key, value: Any) -> None:
        if key not in self.values:
            return
        kept = [(one, self.values[one], origin_of(self.values, one)) for one in self.values]
        self.values.clear()
        for one, old, origin in kept:
            if one == key:
                self.values.put(name, value, origin)
            elif one != name:
                self.values.put(one, old, origin)


def sequence(value: Any) -> CfgList | CfgTuple | None:
    """A list or tuple of a config; ``None`` for all else."""
    return value if isinstance(value, CfgList | CfgTuple) else None


def place(values: CfgDict, key: Key, value: Any, origin: Origin | None, after: Key) -> None:
    """Set a key behind another one, where people look for it."""
    kept = [(one, values[one], origin_of(values, one)) for one in values if one != key]
    values.clear()
    for one, old, known in kept:
        values.put(one, old, known)
        if one == after:
            values.put(key, value, origin)
    if key not in values:
        values.put(key, value, origin)
