"""The value of one parameter at every iteration, computed as far as somebody asks."""

from __future__ import annotations

import math
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from mmscaffold.config.key_path import KeyPath, format_key_path

ENDLESS = 1 << 62
"""Where a value ends that never changes again, in a training whose length is not known."""


@dataclass(frozen=True)
class Break:
    """Where a curve stops to be known, and why.

    Attributes:
        iteration: The first iteration whose value is not known, from 0.
        reason: Why, for people.
        path: The key to blame; empty where there is none.
        is_refusal: Whether the training itself ends there with an error, or never begins.
    """

    iteration: int
    reason: str
    path: KeyPath = ()
    is_refusal: bool = False

    def __str__(self) -> str:
        where = f"{format_key_path(self.path)}: " if self.path else ""
        return f"{where}{self.reason}"


@dataclass(frozen=True)
class Segment:
    """A stretch of a curve.

    Attributes:
        start: Its first iteration, from 0.
        stop: The iteration after its last one.
        values: One number where they are all the same, else one for each iteration.
    """

    start: int
    stop: int
    values: float | array[float]


class Curve:
    """The value of one parameter before each iteration of a training.

    Iterations count from 0 through all epochs. What is computed is kept.

    Args:
        source: The stretches in order, without gaps; a ``Break`` ends them.
    """

    def __init__(self, source: Iterator[Segment | Break]) -> None:
        self._source = source
        self._segments: list[Segment] = []
        self._starts: list[int] = []
        self._stop = 0
        self._break: Break | None = None

    def at(self, iteration: int) -> float | None:
        """The value in an iteration; ``None`` if it is not known, or beyond the training."""
        if iteration < 0 or not self._reaches(iteration + 1):
            return None
        segment = self._segments[bisect_right(self._starts, iteration) - 1]
        values = segment.values
        return values[iteration - segment.start] if isinstance(values, array) else values

    def values(self, start: int = 0, stop: int | None = None) -> array[float]:
        """The values of some iterations, as far as they are known.

        Args:
            start: The first one.
            stop: The one after the last; all to the end of the training by default.

        Raises:
            ValueError: If ``stop`` is not given and the training has no known length.
        """
        if stop is None:
            self._reaches(ENDLESS)
            stop = self._stop
            if stop == ENDLESS:
                raise ValueError("the length of the training is not known: say where to stop")
        self._reaches(stop)
        found = array("d")
        first = max(bisect_right(self._starts, start) - 1, 0)
        for segment in islice(self._segments, first, None):
            if segment.start >= stop:
                break
            low, high = max(segment.start, start), min(segment.stop, stop)
            if isinstance(segment.values, array):
                found += segment.values[low - segment.start : high - segment.start]
            elif high > low:
                found += array("d", (segment.values,)) * (high - low)
        return found

    def segments(self) -> Iterator[Segment]:
        """Its stretches from the first iteration to the end, or to where it breaks off."""
        index = 0
        while index < len(self._segments) or self._pull():
            yield self._segments[index]
            index += 1

    @property
    def break_(self) -> Break | None:
        """Where it stops to be known; ``None`` if it is known to the end.

        All of it is computed to answer that.
        """
        self._reaches(ENDLESS)
        return self._break

    @property
    def stop(self) -> int | None:
        """How many iterations are known; ``None``: all of a training without a known end."""
        self._reaches(ENDLESS)
        return None if self._stop == ENDLESS else self._stop

    def _reaches(self, stop: int) -> bool:
        while self._stop < stop and self._pull():
            pass
        return self._stop >= stop

    def _pull(self) -> bool:
        if self._break is not None:
            return False
        for item in self._source:
            if isinstance(item, Break):
                self._break = item
                return False
            finite = _finite_part(item)
            if finite.stop < item.stop:
                self._break = Break(finite.stop, "the value is no finite number from here on")
                if finite.stop == item.start:
                    return False
                item = finite
            if item.stop > item.start:
                self._segments.append(item)
                self._starts.append(item.start)
                self._stop = item.stop
                return True
        return False


def _finite_part(segment: Segment) -> Segment:
    """A stretch up to the first value that is infinite, or not a number."""
    values = segment.values
    # A sum tells at once; only where it is too large, each value is looked at.
    if math.isfinite(sum(values) if isinstance(values, array) else values):
        return segment
    if isinstance(values, float | int):
        return replace(segment, stop=segment.start)
    count = next((i for i, value in enumerate(values) if not math.isfinite(value)), len(values))
    return Segment(segment.start, segment.start + count, values[:count])


def is_finite(value: object) -> bool:
    """Whether a value is a number that a curve can have."""
    # An int may be larger than any float: math.isfinite fails on it.
    return isinstance(value, int | float) and abs(value) <= sys.float_info.max
