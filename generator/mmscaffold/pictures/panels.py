"""What there is to draw of a run: panels over one axis of iterations, and where they part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum


class Role(Enum):
    """What a trace is of; each has its colour and line style."""

    LOG = "log"
    CONFIG = "config"
    CHECKPOINT = "checkpoint"
    OTHER = "other"


class Scale(Enum):
    """What the values of a panel are."""

    NUMBERS = "numbers"
    FROM_ZERO = "numbers from 0"
    WHOLE = "whole numbers"
    SECONDS = "seconds"
    ROWS = "rows"


@dataclass(frozen=True)
class Trace:
    """One curve, or one row of marks.

    Attributes:
        label: Of the legend; in ``Scale.ROWS``, of the row.
        role: What it is of.
        at: Iterations.
        values: As many; of a row of marks, none.
        is_step: Whether a value holds until the next.
        is_points: Whether nothing lies between the points.
    """

    label: str
    role: Role
    at: Sequence[float]
    values: Sequence[float] = ()
    is_step: bool = False
    is_points: bool = False


@dataclass(frozen=True)
class Point:
    """A point that is marked in a panel.

    Attributes:
        at: The iteration.
        label: A short text beside it.
        text: What is there, in words, where there is room for them.
    """

    at: float
    label: str
    text: str = ""


@dataclass(frozen=True)
class Panel:
    """Curves over each other.

    Attributes:
        name: What the values are.
        scale: Of which kind.
        traces: The curves.
        points: What is marked.
    """

    name: str
    scale: Scale
    traces: Sequence[Trace]
    points: Sequence[Point] = ()


@dataclass(frozen=True)
class RunPicture:
    """All panels of some runs, one after the other.

    Attributes:
        title: Above them.
        panels: From the top.
        seams: Iterations at which another run begins.
        notes: Below them: lines of text.
        remarks: Those of ``notes`` that say what is not drawn, and why.
    """

    title: str
    panels: Sequence[Panel]
    seams: Sequence[float] = ()
    notes: Sequence[str] = field(default=())
    remarks: Sequence[str] = field(default=())
