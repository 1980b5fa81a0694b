"""How each family of mmengine's schedulers changes a value from one step to the next.

Source: ``_get_value`` in mmengine/optim/scheduler/param_scheduler.py (0.10.7). Each works on
what the schedulers before it left, so the operations stand here in mmengine's own order: in
another order, the last bits of a number differ, and differ more from step to step.
"""

# ruff: noqa: D102  (each method does what `Recurrence` says of it)

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import mul

Group = MutableMapping[str, float]
"""What a parameter group of an optimizer holds, under the names that mmengine gives it."""


class Recurrence:
    """What one scheduler does to a value; its steps count from 0 at its ``begin``."""

    def step(self, value: float, number: int) -> float:
        """The value after a step.

        Raises:
            ArithmeticError: As in mmengine, where the training ends with it.
            ValueError: The same.
        """
        raise NotImplementedError

    def next_change(self, number: int) -> int | None:
        """The first step from here on that may change the value; ``None`` if none does."""
        return number

    def run(self, value: float, number: int, count: int) -> array[float]:
        """The values after so many steps from here on."""
        found, step = array("d"), self.step
        for index in range(number, number + count):
            value = step(value, index)
            found.append(value)
        return found


@dataclass(frozen=True)
class Constant(Recurrence):
    """Holds the value down, and lets it go at its last step."""

    factor: float
    last: float

    def step(self, value: float, number: int) -> float:
        if number == 0:
            return value * self.factor
        return value * (1.0 / self.factor) if number == self.last else value

    def next_change(self, number: int) -> int | None:
        if number == 0:
            return 0
        return _moment(self.last) if _moment(self.last) >= number else None


@dataclass(frozen=True)
class Steps(Recurrence):
    """Multiplies every so many steps."""

    size: float
    gamma: float

    def step(self, value: float, number: int) -> float:
        return value if number == 0 or number % self.size != 0 else value * self.gamma

    def next_change(self, number: int) -> int | None:
        if not isinstance(self.size, int) or self.size == 0:
            return number
        size = abs(self.size)
        return max(-(-number // size), 1) * size


@dataclass(frozen=True)
class MultiStep(Recurrence):
    """Multiplies at milestones, at one that stands there twice by the square."""

    milestones: Counter[float]
    gamma: float
    moments: Sequence[int] = field(init=False)

    def __post_init__(self) -> None:
        moments = sorted(moment for moment in map(_moment, self.milestones) if moment >= 0)
        object.__setattr__(self, "moments", moments)

    def step(self, value: float, number: int) -> float:
        if number not in self.milestones:
            return value
        return value * self.gamma ** self.milestones[number]

    def next_change(self, number: int) -> int | None:
        index = bisect_left(self.moments, number)
        return self.moments[index] if index < len(self.moments) else None


@dataclass(frozen=True)
class Exponential(Recurrence):
    """Multiplies at every step."""

    gamma: float

    def step(self, value: float, number: int) -> float:
        return value if number == 0 else value * self.gamma

    def next_change(self, number: int) -> int | None:
        return None if self.gamma == 1 else max(number, 1)


@dataclass(frozen=True)
class Linear(Recurrence):
    """Goes in a straight line from one factor to another."""

    start: float
    end: float
    total: float

    def step(self, value: float, number: int) -> float:
        if number == 0:
            return value * self.start
        rise = self.end - self.start
        return value * (1.0 + rise / (self.total * self.start + (number - 1) * rise))

    def next_change(self, number: int) -> int | None:
        rests = self.end == self.start and self.total * self.start != 0
        return None if number > 0 and rests else number

    def run(self, value: float, number: int, count: int) -> array[float]:
        if number == 0:
            return super().run(value, number, count)
        rise, base = self.end - self.start, self.total * self.start
        steps = range(number - 1, number - 1 + count)
        factors = [1.0 + rise / (base + step * rise) for step in steps]
        return array("d", accumulate(factors, mul, initial=value))[1:]


@dataclass(frozen=True)
class CosineAnnealing(Recurrence):
    """Follows a cosine down to a lowest value, and up again after its period."""

    period: float
    lowest: float
    base: float

    def step(self, value: float, number: int) -> float:
        if number == 0:
            return value
        if (number - 1 - self.period) % (2 * self.period) == 0:
            turn = 1 - math.cos(math.pi / self.period)
            return value + (self.base - self.lowest) * turn / 2
        return (1 + math.cos(math.pi * number / self.period)) / (
            1 + math.cos(math.pi * (number - 1) / self.period)
        ) * (value - self.lowest) + self.lowest

    def next_change(self, number: int) -> int | None:
        return max(number, 1)

    def run(self, value: float, number: int, count: int) -> array[float]:
        if number == 0 or number + count - 1 > self.period:
            return super().run(value, number, count)
        found, cos, pi = array("d"), math.cos, math.pi
        append = found.append
        period, lowest = self.period, self.lowest
        before = 1 + cos(pi * (number - 1) / period)
        for index in range(number, number + count):
            now = 1 + cos(pi * index / period)
            value = now / before * (value - lowest) + lowest
            append(value)
            before = now
        return found


@dataclass(frozen=True)
class WeightDecayCosine(CosineAnnealing):
    """``CosineAnnealingWeightDecay`` of mmpretrain: what starts at 0 stays there."""

    def step(self, value: float, number: int) -> float:
        if number > 0 and self.base == 0:
            return 0.0
        return super().step(value, number)

    def next_change(self, number: int) -> int | None:
        if self.base != 0:
            return super().next_change(number)
        return 1 if number <= 1 else None


@dataclass(frozen=True)
class CosineRestart(Recurrence):
    """Follows a cosine down in each period, from a share of the initial value."""

    periods: Sequence[float]
    weights: Sequence[float]
    lowest: float
    base: float
    ends: Sequence[float] = field(init=False)
    highest: Sequence[float] = field(init=False)

    def __post_init__(self) -> None:
        ends = list(accumulate(self.periods))
        object.__setattr__(self, "ends", ends)
        # The first period that ends later is sought; this finds it, even among negative ones.
        object.__setattr__(self, "highest", list(accumulate(ends, max)))

    def step(self, value: float, number: int) -> float:
        index = bisect_right(self.highest, number)
        if index == len(self.highest):
            return value
        step = number - (0 if index == 0 else self.ends[index - 1])
        if step == 0:
            return self.base * self.weights[index]
        period = self.periods[index]
        return (1 + math.cos(math.pi * step / period)) / (
            1 + math.cos(math.pi * (step - 1) / period)
        ) * (value - self.lowest) + self.lowest

    def next_change(self, number: int) -> int | None:
        return number if self.highest and number < self.highest[-1] else None


@dataclass(frozen=True)
class Poly(Recurrence):
    """Falls by a power of what is left; also ``PolyLRRatio`` of mmseg."""

    lowest: float
    power: float
    total: float

    def step(self, value: float, number: int) -> float:
        if number == 0:
            return value
        part: float = (1 - 1 / (self.total - number + 1)) ** self.power
        return (value - self.lowest) * part + self.lowest

    def next_change(self, number: int) -> int | None:
        return max(number, 1)


@dataclass(frozen=True)
class OneCycle(Recurrence):
    """Rises to a highest value and falls far below where it began.

    The group holds the three values, so that a second such scheduler replaces them for both.
    """

    total: float
    phases: Sequence[tuple[float, str, str]]
    is_cosine: bool
    group: Mapping[str, float]

    def step(self, value: float, number: int) -> float:
        if number > self.total:
            raise ValueError(f"step {number + 1} of a cycle of {self.total} steps")
        first: float = 0
        for index, (last, start, end) in enumerate(self.phases):
            if number <= last or index == len(self.phases) - 1:
                part = (number - first) / (last - first)
                return self._anneal(self.group[start], self.group[end], part)
            first = last
        return value

    def _anneal(self, start: float, end: float, part: float) -> float:
        if self.is_cosine:
            return end + (start - end) / 2.0 * (math.cos(math.pi * part) + 1)
        return (end - start) * part + start


@dataclass(frozen=True)
class Quadratic(Recurrence):
    """``QuadraticWarmupLR`` of mmdet and mmpose: rises with the square of the steps."""

    base: float
    total: float

    def step(self, value: float, number: int) -> float:
        rise: float = self.base * (2 * number + 1) / self.total**2
        return rise if number == 0 else value + rise


def _moment(step: float) -> int:
    """The step that a number names; -1 where it can be none."""
    return int(step) if math.isfinite(step) and step == int(step) else -1
