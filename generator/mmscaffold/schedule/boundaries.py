"""Where the boundaries of a schedule move when training gets another length."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence

from mmscaffold.facts.units import Unit

# A boundary this close to the end is a last stage of fixed length (YOLOX trains its last
# 15 of 300 epochs without Mosaic); further off, it is a share of the whole.
_LAST_STAGE = 0.2


class NotScalableError(Exception):
    """A schedule has more steps than the new length.

    Args:
        count: How many.
        kind: What they are, in the singular.
        room: How many steps the new length has.
    """

    def __init__(self, count: int, kind: str, room: int) -> None:
        super().__init__(count, kind, room)
        self._what = f"1 {kind} does" if count == 1 else f"{count} {kind}s do"
        self._room = room

    def told_in(self, unit: Unit) -> str:
        """What does not fit, for people: ``3 stages do not fit into 1 epoch``."""
        return f"{self._what} not fit into {unit.count(self._room)}"


class Stretch:
    """Maps the boundaries of a training run onto another length.

    Args:
        old: The old length, in epochs or iterations.
        new: The new one, in the same unit.
        boundaries: Every ``begin`` and ``end`` of the schedulers, in that unit.
        kept: Boundaries at the start that keep their distance to it: ends of warm-ups.
        ends: Boundaries at which nothing begins. They are a share of the whole, however
            close to the end they are: there is no last stage to keep.
        last: Boundaries that begin a last stage, however far from the end they are.

    Raises:
        NotScalableError: If the new length has no room for that many stages.
    """

    def __init__(
        self,
        old: int,
        new: int,
        boundaries: Iterable[float],
        kept: Collection[float] = (),
        ends: Collection[float] = (),
        last: Collection[float] = (),
    ) -> None:
        self._old = old
        self._new = new
        self._kept = kept
        self._ends = ends
        self._last = last
        inner = sorted({b for b in boundaries if 0 < b < old})
        if len(inner) + 1 > new and all(isinstance(boundary, int) for boundary in inner):
            raise NotScalableError(len(inner) + 1, "stage", new)
        self._moved: dict[float, float] = {0: 0}
        below: float = 0
        for position, boundary in enumerate(inner):
            if isinstance(boundary, int):
                above = new - (len(inner) - position)
                below = max(int(below) + 1, min(self._wanted(boundary), above))
            else:
                # A fraction of the training before, one after; there is always room for it.
                share = round(boundary * new / old, 10)
                below = share if share > below else (below + new) / 2
            self._moved[boundary] = below

    def _wanted(self, boundary: int) -> int:
        share = round(boundary * self._new / self._old)
        if boundary in self._kept:
            # A warm-up keeps its length while it stays the smaller part.
            return boundary if boundary <= self._new // 2 else share
        left = self._old - boundary
        is_near = boundary not in self._ends and left <= self._old * _LAST_STAGE
        is_last_stage = is_near or boundary in self._last
        if is_last_stage and (left < self._new // 2 or self._old <= self._new):
            return self._new - left
        return share

    def __contains__(self, boundary: float) -> bool:
        return boundary in self._moved

    def __call__(self, boundary: float) -> float:
        """Where a boundary moves; all at or past the old end move to the new one."""
        return self._moved.get(boundary, self._new)


def keep_distance_to_end(step: int, old: int, new: int) -> int:
    """Move a step that is anchored to the end; never below 0 or past the end."""
    return min(max(new - (old - step), 0), new)


def scale_milestones(milestones: Sequence[int], old: float, new: float) -> list[int]:
    """Move milestones in proportion: increasing, distinct, and below the new end.

    The last of those for which there is no room are left out.

    Args:
        milestones: The old ones, relative to the scheduler's ``begin``. One at or past
            the old end never fires; it moves to the new end, where it does not either.
        old: What they were a share of.
        new: What they must become a share of.
    """
    room = math.ceil(new)
    beyond = [step for step in milestones if step >= old]
    firing = [step for step in milestones if step < old][: room - 1]
    moved: list[int] = []
    below = 0
    for position, step in enumerate(firing):
        above = room - (len(firing) - position)
        below = max(below + 1, min(round(step * new / old), above))
        moved.append(below)
    return moved + [room] * len(beyond)


def scale_parts(parts: Sequence[int], new: int) -> list[int]:
    """Share a new length out in the proportions of old parts, none of them 0.

    Raises:
        NotScalableError: If there are more parts than steps.
    """
    if len(parts) > new or sum(parts) <= 0:
        raise NotScalableError(len(parts), "period", new)
    total = sum(parts)
    ends: list[int] = []
    done = 0
    for position, part in enumerate(parts):
        done += part
        above = new - (len(parts) - position - 1)
        ends.append(max((ends[-1] if ends else 0) + 1, min(round(done * new / total), above)))
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]
