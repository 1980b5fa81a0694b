"""Random numbers that always come out the same, whichever function is asked for them.

mmdet 2.x and 3.x draw the same decisions with different functions; so each gives the lowest,
middle or highest value it can. Run as part of the workers, which import nothing of this project.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np


def fix(share: float) -> None:
    """Replace the functions of ``numpy.random`` and ``random``.

    Args:
        share: Where in its range each value lies, from 0 to below 1.
    """

    def index(count: int) -> int:
        return min(int(count * share), count - 1)

    def uniform(low: float = 0.0, high: float = 1.0, size: Any = None) -> Any:
        value = low + (high - low) * share
        return value if size is None else np.full(size, value)

    def rand(*size: int) -> Any:
        return uniform(size=size or None)

    def sample(size: Any = None) -> Any:
        return uniform(size=size)

    def randint(low: int, high: int | None = None, size: Any = None, **_: Any) -> Any:
        start, stop = (0, low) if high is None else (low, high)
        value = start + index(stop - start)
        return value if size is None else np.full(size, value)

    def choice(items: Any, size: Any = None, replace: bool = True, p: Any = None) -> Any:
        values = list(range(items)) if isinstance(items, int) else list(items)
        if p is not None:
            values = [value for value, chance in zip(values, p, strict=True) if chance > 0]
        if size is None:
            return values[index(len(values))]
        return np.array(values[:size])

    def permutation(items: Any) -> Any:
        return np.arange(items) if isinstance(items, int) else np.array(items)

    for name, function in {
        "uniform": uniform, "rand": rand, "random": sample, "random_sample": sample,
        "randint": randint, "choice": choice, "permutation": permutation,
    }.items():  # fmt: skip
        setattr(np.random, name, function)
    random.random = lambda: share
    random.uniform = uniform
    random.choice = choice
    random.randint = lambda low, high: low + index(high - low + 1)
    random.sample = lambda items, count: list(items)[:count]
