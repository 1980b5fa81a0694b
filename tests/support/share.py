"""The part of a long list that the ordinary run takes; ``make test-slow`` takes all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

WHOLE = bool(os.environ.get("MMSCAFFOLD_WHOLE"))
"""Whether everything is asked for."""


def share(items: Sequence[T], one_in: int, first: int = 0) -> Sequence[T]:
    """Each so many-th of some things; all of them if everything is asked for.

    Of files in order of their names, that is as much of every folder.

    Args:
        items: The things, in an order that does not change.
        one_in: How many there are for each that is taken.
        first: The index of the first that is taken: tests that differ in it see, together, more.
    """
    return items if WHOLE else items[first::one_in]
