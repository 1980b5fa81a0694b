"""What is read in order: iterators, which are read once, and views, which follow a dict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList
from mmscaffold.config.evaluate.origin import Origin

UNORDERED = "the order of this set differs from run to run"


def is_unordered(value: Any) -> bool:
    """Whether a value is a set whose order Python draws anew in each run."""
    if not isinstance(value, set | frozenset) or len(value) < 2:
        return False
    return any(type(item) not in (int, bool, float) for item in value)


class CfgIterator:
    """What is read once, from its start to its end: ``zip(...)``, ``enumerate(...)``.

    Args:
        items: What it yields.
        held: The values that these come from.
        function: What is called for each of them, as by ``map(...)``.
    """

    __slots__ = ("_items", "_origins", "function", "held")

    def __init__(self, items: Iterable[Any], held: tuple[Any, ...], function: Any = None) -> None:
        self._items = iter(items)
        self.held = held
        self.function = function

    def __iter__(self) -> CfgIterator:
        return self

    def __next__(self) -> Any:
        return next(self._items)


def yielded(iterator: CfgIterator) -> list[Any]:
    """The values that an iterator reads, also through other iterators."""
    found: list[Any] = []
    stack: list[Any] = [iterator]
    # Aliases may nest one iterator a billion times; each is seen once.
    seen: set[int] = set()
    while stack:
        value = stack.pop()
        if isinstance(value, CfgIterator):
            if id(value) not in seen:
                seen.add(id(value))
                stack += value.held
        else:
            found.append(value)
    return found


class View:
    """What ``keys()``, ``items()`` and ``values()`` of a dict yield: it follows the dict.

    Args:
        of: The dict.
        real: Python's own view of it.
        listed: What it holds, with origins.
    """

    __slots__ = ("_listed", "_real", "of")

    def __init__(
        self, of: CfgDict, real: Callable[[Any], Any], listed: Callable[[CfgDict], CfgList]
    ) -> None:
        self.of = of
        self._real = real
        self._listed = listed

    @property
    def origins(self) -> list[Origin | None]:
        """The origins of what it holds."""
        return self._listed(self.of).origins

    def __iter__(self) -> Iterator[Any]:
        size = len(self.of)
        for item in self._listed(self.of):
            if len(self.of) != size:
                raise RuntimeError("dictionary changed size during iteration")
            yield item

    def __len__(self) -> int:
        return len(self.of)

    def __contains__(self, item: Any) -> bool:
        return item in self._real(self.of)

    def __repr__(self) -> str:
        return repr(self._real(self.of))

    def __eq__(self, other: Any) -> bool:
        return bool(self._real(self.of) == _real_one(other))

    __hash__ = None  # type: ignore[assignment]

    # Keys and items are compared as sets are; of values, Python says that it cannot.

    def __lt__(self, other: Any) -> bool:
        return bool(self._real(self.of) < _real_one(other))

    def __le__(self, other: Any) -> bool:
        return bool(self._real(self.of) <= _real_one(other))

    def __gt__(self, other: Any) -> bool:
        return bool(self._real(self.of) > _real_one(other))

    def __ge__(self, other: Any) -> bool:
        return bool(self._real(self.of) >= _real_one(other))


def _real_one(value: Any) -> Any:
    """Python's own view, for one of these."""
    return value._real(value.of) if isinstance(value, View) else value


# Python's own messages name a type by this.
CfgIterator.__name__ = "iterator"
