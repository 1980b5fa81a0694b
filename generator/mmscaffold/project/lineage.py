"""The order in which Python looks through a class and its bases, from the text alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

Bases = Callable[[str], Sequence[str]]

_MOST_CLASSES = 32
_KEPT = 4  # at each end of a longer order
_UNREAD = "<more bases than are read>"


class Lineages:
    """The orders of many classes that share bases.

    Args:
        bases: Tells the direct bases of a class, by the names of their definitions.
    """

    def __init__(self, bases: Bases) -> None:
        self._bases = bases
        # None for a class that cannot be put in order.
        self._known: dict[str, tuple[str, ...] | None] = {}

    def of(self, dotted: str) -> tuple[str, ...]:
        """A class and all its bases in the order of Python's C3 linearisation.

        Bases that cannot be put in such an order, or that derive from each other, are listed
        level by level instead: Python would refuse them, a tool must not.
        """
        order = self._order(dotted)
        return order if order is not None else self._by_level(dotted)

    def _order(self, dotted: str) -> tuple[str, ...] | None:
        # Without recursion: a chain of classes can be of any length.
        pending = [dotted]
        waiting: set[str] = set()
        while pending:
            one = pending[-1]
            if one in self._known:
                pending.pop()
                continue
            missing = [base for base in self._bases(one) if base not in self._known]
            if not missing:
                self._known[one] = _bounded(self._merge(one))
                pending.pop()
            elif one in waiting:
                # Its bases were asked for already, and wait for it: a circle.
                return None
            else:
                waiting.add(one)
                pending += missing
        return self._known[dotted]

    def _merge(self, dotted: str) -> tuple[str, ...] | None:
        bases = list(dict.fromkeys(self._bases(dotted)))
        rows = []
        for base in bases:
            row = self._known[base]
            if row is None or dotted in row:
                return None
            rows.append(list(row))
        if len(bases) == 1:
            return (dotted, *rows[0])
        rows.append(bases)
        order = [dotted]
        while rows := [row for row in rows if row]:
            tails = {one for row in rows for one in row[1:]}
            head = next((row[0] for row in rows if row[0] not in tails), None)
            if head is None:
                return None
            order.append(head)
            rows = [row[1:] if row[0] == head else row for row in rows]
        return tuple(order)

    def _by_level(self, dotted: str) -> tuple[str, ...]:
        found: dict[str, None] = {dotted: None}
        queue = deque(self._bases(dotted))
        while queue and len(found) <= _MOST_CLASSES:
            one = queue.popleft()
            if one not in found:
                found[one] = None
                queue += self._bases(one)
        order = tuple(found)
        return _bounded(order) or order


def _bounded(order: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The order; of a class with more bases than real code has, its two ends.

    Between them stands a base that nobody knows. So long chains take linear time.
    """
    if order is None or len(order) <= _MOST_CLASSES:
        return order
    known = [one for one in order if one != _UNREAD]
    return (*known[:_KEPT], _UNREAD, *known[-_KEPT:])
