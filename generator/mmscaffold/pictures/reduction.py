"""A curve of a million iterations as a few thousand points that look the same."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from mmscaffold.schedule.curves import Curve

MOST_POINTS = 2000
"""Of each stretch of a curve: more than a picture has columns."""


def points(
    curve: Curve, most: int = MOST_POINTS, *, stop: int | None = None
) -> tuple[list[int], list[float]]:
    """The points of a curve, with every jump, every lowest and every highest value.

    Args:
        curve: The curve.
        most: About how many points to keep of each stretch.
        stop: The iteration after the last one to show; all to the end by default.

    Returns:
        The iterations, from 0, and the values.
    """
    at: list[int] = []
    values: list[float] = []
    for segment in curve.segments():
        if stop is not None and segment.start >= stop:
            break
        end = segment.stop if stop is None else min(segment.stop, stop)
        if isinstance(segment.values, array):
            shown = segment.values[: end - segment.start]
            for index in _kept(shown, most):
                at.append(segment.start + index)
                values.append(shown[index])
        else:
            ends = dict.fromkeys((segment.start, max(segment.start, end - 1)))
            at += ends
            values += [segment.values] * len(ends)
    return at, values


def _kept(values: Sequence[float], most: int) -> list[int]:
    """The indices of the first, last, lowest and highest value of each of some buckets."""
    count = len(values)
    if count <= most:
        return list(range(count))
    size = -(-count * 4 // most)
    kept: set[int] = set()
    for start in range(0, count, size):
        bucket = range(start, min(start + size, count))
        kept |= {bucket[0], bucket[-1]}
        kept.add(min(bucket, key=values.__getitem__))
        kept.add(max(bucket, key=values.__getitem__))
    return sorted(kept)
