"""The order in which Python looks through a class and its bases, from the text alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Bases = Callable[[str], Sequence[str]]


def lineage_of(dotted: str, bases: Bases) -> tuple[str, ...]:
    """A class and all its bases in the order of Python's C3 linearisation.

    Bases that cannot be put in such an order, or that derive from each other, are listed
    level by level instead: Python would refuse them, a tool must not.

    Args:
        dotted: The class.
        bases: Tells the direct bases of a class, by the names of their definitions.
    """
    order = _Linearisation(bases).of(dotted)
    return order if order is not None else _by_level(dotted, bases)


class _Linearisation:
    def __init__(self, bases: Bases) -> None:
        self._bases = bases
        self._known: dict[str, tuple[str, ...] | None] = {}

    def of(self, dotted: str) -> tuple[str, ...] | None:
        """The order of a class, without recursion: code can be of any depth."""
        pending = [dotted]
        open_classes: set[str] = set()
        while pending:
            one = pending[-1]
            if one in self._known:
                pending.pop()
                continue
            missing = [base for base in self._bases(one) if base not in self._known]
            if not missing:
                self._known[one] = self._merge(one)
                open_classes.discard(one)
                pending.pop()
            elif one in open_classes:
                # Its bases were asked for already, and wait for it: a circle.
                return None
            else:
                open_classes.add(one)
                pending += missing
        return self._known[dotted]

    def _merge(self, dotted: str) -> tuple[str, ...] | None:
        bases = list(dict.fromkeys(self._bases(dotted)))
        rows = []
        for base in bases:
            row = self._known[base]
            if row is None:
                return None
            rows.append(list(row))
        rows.append(bases)
        order = [dotted]
        while rows := [row for row in rows if row]:
            tails = {one for row in rows for one in row[1:]}
            head = next((row[0] for row in rows if row[0] not in tails), None)
            if head is None or head == dotted:
                return None
            order.append(head)
            for row in rows:
                if row[0] == head:
                    del row[0]
        return tuple(order)


def _by_level(dotted: str, bases: Bases) -> tuple[str, ...]:
    found: dict[str, None] = {dotted: None}
    queue = list(bases(dotted))
    while queue:
        one = queue.pop(0)
        if one not in found:
            found[one] = None
            queue += bases(one)
    return tuple(found)
