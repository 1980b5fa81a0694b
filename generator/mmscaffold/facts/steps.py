"""How a step of training is written, and how it relates to the training length."""

from __future__ import annotations

import enum
from typing import NamedTuple

from mmscaffold.facts.units import Unit


class Relation(enum.Enum):
    """How a step depends on the training length."""

    WHOLE = "equal to the length"
    TO_END = "keeps its distance to the end"
    SHARE = "a share of the whole"
    BOUNDARY = "a boundary between stages"
    AT_MOST = "must lie within the training"
    LAST = "counts from the end, and must be shorter than the training"
    FIXED = "stays the same at any length"


class Wildcard(enum.Enum):
    """A part of the way to a step that is not a fixed key."""

    EACH_ITEM = "each item of a list"
    EACH_VALUE = "each value of a dict"
    EACH_KEY = "each key of a dict is the step itself"


class Step(NamedTuple):
    """One step in the arguments of a hook.

    Attributes:
        where: The way to it: an argument, ``schedule`` -> each item -> ``action_epoch``.
        unit: What it counts; ``None`` if the hook's flag says so or, without one, the loop.
        relation: How it depends on the length.
        first: What the first step of a training is called: 0 or 1.
        default: Its value where it is left out.
        counterpart: The argument that says the same in the other unit.
        switches: Whether something happens there that never does past the end.
        is_exact: Whether it is waited for by ``==``, so that a step that is missed is missed
            for good.
        begins_last_stage: Whether other parts of the last stage must begin there, too.
        unmoved: Why another length does not move it; empty if it does.
        unconverted: Why another unit does not convert it; empty if it does.
        unchecked: Why no rule looks at it; empty if one does.
    """

    where: tuple[str | Wildcard, ...]
    unit: Unit | None
    relation: Relation
    first: int = 0
    default: int | None = None
    counterpart: str | None = None
    switches: bool = False
    is_exact: bool = False
    begins_last_stage: bool = False
    unmoved: str = ""
    unconverted: str = ""
    unchecked: str = ""

    @property
    def argument(self) -> str:
        """The argument of the hook that holds it."""
        return str(self.where[0])
