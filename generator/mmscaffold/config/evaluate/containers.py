"""The containers of an evaluated config: ordinary dicts, lists and tuples with origins.

A container knows, for each key or index, the ``Origin``: the expression that filled it.
Its own methods keep values and origins in step. Code that loses origins (``sorted``, a
computed list) is allowed to: an element without one has its container's origin.

Few origins are ever asked for, so most are made on demand: a container may hold a
``Recipe`` instead of them, a function with the arguments that make them.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any, SupportsIndex

from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import LEAVES, Unknown, to_plain

Recipe = tuple[Any, ...]
"""A function and its arguments; called once, it makes the origins of a container."""


def _made(recipe: Recipe) -> Any:
    return recipe[0](*recipe[1:])


class CfgDict(dict[Any, Any]):
    """A dict that knows which expression gave each key its value."""

    # Unset until it is needed: most dicts are made once and never asked.
    __slots__ = ("_nested", "_origins")

    # The keys of values that are not scalars, once they were asked for.
    _nested: tuple[Any, ...] | None
    _origins: dict[Any, Origin] | Recipe

    @classmethod
    def make(cls, values: dict[Any, Any], origins: dict[Any, Origin] | Recipe) -> CfgDict:
        """Build a dict with its origins, or with the recipe of them."""
        made = cls(values)
        made._origins = origins
        return made

    @property
    def origins(self) -> dict[Any, Origin]:
        """The origin of each key, as far as it is known; to be read, not changed."""
        try:
            known = self._origins
        except AttributeError:
            known = self._origins = {}
        if type(known) is tuple:
            known = self._origins = _made(known)
        return known  # type: ignore[return-value]

    def put(self, key: Any, value: Any, origin: Origin | None) -> None:
        """Set one key, and where its value was written."""
        dict.__setitem__(self, key, value)
        self._nested = None
        if origin is None:
            self.origins.pop(key, None)
        else:
            self.origins[key] = origin

    def plain(self) -> dict[Any, Any]:
        """Copy it, and all in it, into ordinary containers."""
        try:
            nested = self._nested
        except AttributeError:
            nested = None
        if nested is None:
            # Most dicts are asked again, by each config that inherits them.
            nested = self._nested = tuple([k for k, v in self.items() if type(v) not in LEAVES])
        made = dict(self)
        for key in nested:
            item = made[key]
            made[key] = item.plain() if type(item) in _CONTAINERS else to_plain(item)
        return made

    def take_origins(self, other: CfgDict) -> None:
        """Have the origins that another dict has now, for the same keys."""
        try:
            known = other._origins
        except AttributeError:
            return
        self._origins = known if type(known) is tuple else dict(known)

    def __setitem__(self, key: Any, value: Any) -> None:
        self.put(key, value, None)

    def __delitem__(self, key: Any) -> None:
        dict.__delitem__(self, key)
        self._nested = None
        self.origins.pop(key, None)

    def pop(self, key: Any, *default: Any) -> Any:
        """Remove one key with its origin; return its value."""
        self.origins.pop(key, None)
        self._nested = None
        return dict.pop(self, key, *default)

    def popitem(self) -> tuple[Any, Any]:
        """Remove the last key with its origin."""
        key, value = dict.popitem(self)
        self._nested = None
        self.origins.pop(key, None)
        return key, value

    def setdefault(self, key: Any, default: Any = None, origin: Origin | None = None) -> Any:
        """The value of a key, which is set first if it is not there."""
        if key not in self:
            self.put(key, default, origin)
        return self[key]

    def clear(self) -> None:
        """Remove all."""
        dict.clear(self)
        self._nested = None
        self._origins = {}

    def update(self, other: Any = (), /, **keywords: Any) -> None:
        """Set many keys; those of a ``CfgDict`` come with their origins."""
        origins = self.origins
        self._nested = None
        known: dict[Any, Origin] = other.origins if isinstance(other, CfgDict) else {}
        if not isinstance(other, dict):
            other = dict(other)
        for pairs in (other, keywords):
            dict.update(self, pairs)
            for key in pairs:
                origin = known.get(key) if pairs is other else None
                if origin is None:
                    origins.pop(key, None)
                else:
                    origins[key] = origin

    def copy(self) -> CfgDict:
        """Copy this container, with its origins, and nothing in it."""
        made = CfgDict(self)
        made.take_origins(self)
        return made

    def __deepcopy__(self, memo: dict[int, Any]) -> CfgDict:
        made = type(self)()
        memo[id(self)] = made
        dict.update(made, {key: deepcopy(item, memo) for key, item in self.items()})
        made.take_origins(self)
        return made

    def __or__(self, other: Any) -> Any:
        if not isinstance(other, CfgDict):
            return dict.__or__(self, other)
        made = self.copy()
        made.update(other)
        return made

    def __ior__(self, other: Any) -> CfgDict:
        self.update(other)
        return self


class BaseDict(CfgDict):
    """A dict reached through ``_base_``: mmengine's ConfigDict, with attribute access."""

    __slots__ = ()


class UnionDict(BaseDict):
    """What ``|`` makes of mmengine's dict: one of the library below it, with real views."""

    __slots__ = ()


class CfgList(list[Any]):
    """A list that knows which expression gave each element, where that is known."""

    __slots__ = ("_origins",)

    _origins: list[Origin | None] | Recipe

    def __init__(
        self, values: Iterable[Any] = (), origins: list[Origin | None] | Recipe | None = None
    ) -> None:
        list.__init__(self, values)
        if origins is not None:
            self._origins = origins

    @property
    def origins(self) -> list[Origin | None]:
        """The origin of each element, or ``None``; to be read, not changed."""
        try:
            known = self._origins
        except AttributeError:
            known = self._origins = [None] * len(self)
        if type(known) is tuple:
            known = self._origins = _made(known)
        return known  # type: ignore[return-value]

    def shared_origins(self) -> list[Origin | None] | Recipe | None:
        """The origins as a copy of this list needs them."""
        known = getattr(self, "_origins", None)
        return list(known) if type(known) is list else known

    def plain(self) -> list[Any]:
        """Copy it, and all in it, into ordinary containers."""
        if LEAVES.issuperset(map(type, self)):
            return list(self)
        return [item.plain() if type(item) in _CONTAINERS else to_plain(item) for item in self]

    def __getitem__(self, index: Any) -> Any:
        item = list.__getitem__(self, index)
        return CfgList(item, self.origins[index]) if isinstance(index, slice) else item

    def __setitem__(self, index: Any, value: Any) -> None:
        self.put(index, value, None)

    def put(self, index: Any, value: Any, origin: Origin | None) -> None:
        """Set one element, or the elements of a slice, and where they were written.

        What fills a slice brings its own origins; ``origin`` is that of all others.
        """
        known = self.origins
        if not isinstance(index, slice):
            list.__setitem__(self, index, value)
            known[index] = origin
            return
        items = list(value)
        list.__setitem__(self, index, items)
        brought = getattr(value, "origins", None)
        known[index] = brought if isinstance(brought, list) else [origin] * len(items)

    def __delitem__(self, index: Any) -> None:
        known = self.origins
        list.__delitem__(self, index)
        del known[index]

    def append(self, value: Any, origin: Origin | None = None) -> None:
        """Add one element."""
        self.origins.append(origin)
        list.append(self, value)

    def extend(self, values: Iterable[Any]) -> None:
        """Add many elements; those of a list or tuple of a config with their origins."""
        known = self.origins
        items = list(values)
        brought = getattr(values, "origins", None)
        known.extend(list(brought) if isinstance(brought, list) else [None] * len(items))
        list.extend(self, items)

    def insert(self, index: SupportsIndex, value: Any, origin: Origin | None = None) -> None:
        """Add one element before another."""
        known = self.origins
        list.insert(self, index, value)
        known.insert(index, origin)

    def pop(self, index: SupportsIndex = -1) -> Any:
        """Remove one element with its origin; return its value."""
        known = self.origins
        value = list.pop(self, index)
        known.pop(index)
        return value

    def remove(self, value: Any) -> None:
        """Remove the first element that equals a value."""
        del self[self.index(value)]

    def reverse(self) -> None:
        """Turn the list round."""
        self.origins.reverse()
        list.reverse(self)

    def clear(self) -> None:
        """Remove all."""
        list.clear(self)
        self._origins = []

    def sort(self, **arguments: Any) -> None:
        """Sort; which element was written where is then no longer known."""
        list.sort(self, **arguments)
        self._origins = [None] * len(self)

    def copy(self) -> CfgList:
        """Copy this container, with its origins, and nothing in it."""
        return CfgList(self, self.shared_origins())

    def __deepcopy__(self, memo: dict[int, Any]) -> CfgList:
        made = CfgList((), self.shared_origins())
        memo[id(self)] = made
        list.extend(made, [deepcopy(item, memo) for item in self])
        return made

    def __add__(self, other: Any) -> Any:
        joined = list.__add__(self, other)
        return CfgList(joined, self.origins + other.origins) if type(other) is CfgList else joined

    def __iadd__(self, other: Iterable[Any]) -> CfgList:  # type: ignore[misc]
        self.extend(other)
        return self

    def __mul__(self, times: SupportsIndex) -> CfgList:
        return CfgList(list.__mul__(self, times), self.origins * times)

    def __imul__(self, times: SupportsIndex) -> CfgList:
        self._origins = self.origins * times
        list.__imul__(self, times)
        return self


class CfgTuple(tuple[Any, ...]):
    """A tuple that knows which expression gave each element, where that is known."""

    _origins: list[Origin | None] | Recipe
    _plain: tuple[Any, ...]

    @classmethod
    def make(
        cls, values: Iterable[Any], origins: list[Origin | None] | Recipe | None = None
    ) -> CfgTuple:
        """Build a tuple with one origin (or ``None``) per element, or with their recipe."""
        result = cls(values)
        if origins is not None:
            result._origins = origins
        return result

    @property
    def origins(self) -> list[Origin | None]:
        """The origin of each element, or ``None``; to be read, not changed."""
        known = self.__dict__.get("_origins")
        if known is None:
            known = self._origins = [None] * len(self)
        elif type(known) is tuple:
            known = self._origins = _made(known)
        return known

    def shared_origins(self) -> list[Origin | None] | Recipe | None:
        """The origins as a copy of this tuple needs them."""
        return self.__dict__.get("_origins")

    def plain(self) -> tuple[Any, ...]:
        """Copy it, and all in it, into ordinary containers."""
        known: tuple[Any, ...] | None = self.__dict__.get("_plain")
        if known is None:
            known = tuple([to_plain(item) for item in self])
            if LEAVES.issuperset(map(type, known)):
                # Nothing in it can change, so that one copy serves all.
                self._plain = known
        return known

    def __getitem__(self, index: Any) -> Any:
        item = tuple.__getitem__(self, index)
        return CfgTuple.make(item, self.origins[index]) if isinstance(index, slice) else item

    def __deepcopy__(self, memo: dict[int, Any]) -> CfgTuple:
        items = [deepcopy(item, memo) for item in self]
        return CfgTuple.make(items, self.shared_origins())

    def __add__(self, other: Any) -> Any:
        joined = tuple.__add__(self, other)
        if type(other) is not CfgTuple:
            return joined
        return CfgTuple.make(joined, self.origins + other.origins)

    def __mul__(self, times: SupportsIndex) -> CfgTuple:
        return CfgTuple.make(tuple.__mul__(self, times), self.origins * times)


class CfgSet(set[Any]):
    """A set of a config."""

    __slots__ = ("_origins",)

    def __repr__(self) -> str:
        return repr(set(self))

    def plain(self) -> set[Any]:
        """An ordinary set."""
        return set(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> CfgSet:
        return CfgSet(self)


_CONTAINERS = frozenset({CfgDict, BaseDict, CfgList, CfgTuple})
_SEQUENCES = (CfgList, CfgTuple)

# Python's own messages name a type by this: "unhashable type: 'list'". To the author of a
# config, these are what they were written as.
CfgDict.__name__ = BaseDict.__name__ = UnionDict.__name__ = "dict"
CfgList.__name__ = "list"
CfgSet.__name__ = "set"
CfgTuple.__name__ = "tuple"


def origin_of(container: Any, key: Any) -> Origin | None:
    """The origin of one key or index, if the container knows it."""
    if type(container) is CfgDict:
        # So it is most of the time.
        return container.origins.get(key)
    if isinstance(container, Unknown):
        return None
    if isinstance(container, CfgDict):
        return container.origins.get(key)
    if isinstance(container, _SEQUENCES) and isinstance(key, int):
        try:
            return container.origins[key]
        except IndexError:
            return None
    return None
