"""What follows a change of the training length: values to set, and what is left alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mmscaffold.config.key_path import KeyPath

if TYPE_CHECKING:
    from typing import TypeGuard


class _Removed:
    """Stands for "this key goes" in a move."""

    def __repr__(self) -> str:
        return "(removed)"


REMOVED = _Removed()


@dataclass(frozen=True)
class Move:
    """One value that follows the length.

    Attributes:
        path: Its key.
        new: Its new value, or ``REMOVED``.
        why: What it is to the length, for people.
    """

    path: KeyPath
    new: Any
    why: str


@dataclass
class Adjustment:
    """What follows a change of the length, and what could not be decided.

    Attributes:
        moves: The values to change.
        notes: What is left alone, and why.
    """

    moves: list[Move] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def is_step(value: Any) -> TypeGuard[int]:
    """Whether a value counts epochs or iterations: an integer from 0 on."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_stage(value: Any) -> bool:
    """Whether a value is one stage of ``dynamic_intervals``: where it begins, its interval."""
    return isinstance(value, list | tuple) and len(value) == 2 and all(map(is_step, value))
