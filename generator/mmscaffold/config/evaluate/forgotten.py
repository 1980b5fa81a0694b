"""Containers that code may have changed in a way that is not known.

An object is forgotten, not a name: its class is changed in place, so that every alias
of it, wherever it is held, is an ``Unknown`` from then on.
"""

from __future__ import annotations

from typing import Any

from mmscaffold.config.evaluate.containers import (
    BaseDict,
    CfgDict,
    CfgList,
    CfgSet,
    CfgTuple,
    UnionDict,
    origin_of,
)
from mmscaffold.config.evaluate.incomplete_base import IncompleteBase
from mmscaffold.config.evaluate.iterators import CfgIterator
from mmscaffold.config.evaluate.values import LEAVES, Perhaps, Unknown, present, unreaching


class Forgotten(Unknown):
    """A container that was known once; what it holds is what it may still hold."""

    __slots__ = ()

    @property
    def why(self) -> Unknown:
        """The unknown that it became."""
        found: Unknown = object.__getattribute__(self, "_origins")
        return found

    @property
    def reason(self) -> str:  # type: ignore[override]
        """Why, for people."""
        return self.why.reason

    @property
    def where(self) -> str:  # type: ignore[override]
        """The place that is to blame."""
        return self.why.where

    @property
    def reach(self) -> tuple[Any, ...]:  # type: ignore[override]
        """What it may hold."""
        return (self,)

    def plain(self) -> Unknown:
        """An ``Unknown`` that is no container."""
        return Unknown(self.reason, self.where)

    def __deepcopy__(self, _: dict[int, Any]) -> Unknown:
        return self.plain()

    def __repr__(self) -> str:
        return Unknown.__repr__(self)


class ForgottenDict(Forgotten, CfgDict):  # type: ignore[misc]
    """A dict that was known once."""

    __slots__ = ()

    origins = {}  # noqa: RUF012


class ForgottenList(Forgotten, CfgList):  # type: ignore[misc]
    """A list that was known once."""

    __slots__ = ()

    origins = ()  # type: ignore[assignment]


class ForgottenSet(Forgotten, CfgSet):  # type: ignore[misc]
    """A set that was known once."""

    __slots__ = ()


class ForgottenIterator(Forgotten, CfgIterator):
    """An iterator that may have been read further."""

    __slots__ = ()


_KINDS: dict[type[Any], type[Forgotten]] = {
    CfgDict: ForgottenDict,
    BaseDict: ForgottenDict,
    UnionDict: ForgottenDict,
    CfgList: ForgottenList,
    CfgSet: ForgottenSet,
    CfgIterator: ForgottenIterator,
}


def forget_object(value: Any, unknown: Unknown) -> None:
    """Make one container an unknown, for all that hold it; not what it holds."""
    kind = _KINDS.get(type(value))
    if kind is not None:
        value.__class__ = kind
        value._origins = unknown
    elif isinstance(value, IncompleteBase):
        value.missing = present(unknown)
        value.is_open = True
        for key in value:
            # What it held may still be reached through it.
            value.put(key, Perhaps(unknown.reason, unknown.where, (value[key],)), None)


def keep_in(value: Forgotten, item: Any) -> None:
    """Note that a forgotten container may now hold one more value."""
    if isinstance(value, dict):
        dict.__setitem__(value, ("also", len(value)), item)
    elif isinstance(value, list):
        list.append(value, item)


def settled(value: Any, done: dict[int, Any] | None = None) -> Any:
    """The value with each forgotten container in it an ordinary ``Unknown``, in place."""
    if type(value) in LEAVES:
        return value
    if isinstance(value, Unknown):
        return unreaching(value)
    if not isinstance(value, CfgDict | list | tuple):
        return value
    done = {} if done is None else done
    if id(value) in done:
        return done[id(value)]
    done[id(value)] = value
    if isinstance(value, tuple):
        items = [settled(item, done) for item in value]
        if any(new is not old for new, old in zip(items, value, strict=True)):
            origins = value.shared_origins() if isinstance(value, CfgTuple) else None
            done[id(value)] = CfgTuple.make(items, origins)
    elif isinstance(value, list):
        list.__setitem__(value, slice(None), [settled(item, done) for item in value])
    else:
        for key, item in value.items():
            new = settled(item, done)
            if new is not item:
                value.put(key, new, origin_of(value, key))
    return done[id(value)]
