"""What counts as a step of training, or as a stage of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mmscaffold.config import Unknown

if TYPE_CHECKING:
    from typing import TypeGuard


MAX_COUNT = 2**53
"""No training has more epochs or iterations; what exceeds it is no count, but a mistake."""


def is_step(value: Any) -> TypeGuard[int]:
    """Whether a value counts epochs or iterations: an integer from 0 on."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_COUNT


def is_place(value: Any) -> TypeGuard[float]:
    """Whether a value can be ``begin`` or ``end`` of a scheduler: mmengine takes fractions.

    ``end=0.05 * max_epochs`` with ``convert_to_iter_based`` is a common idiom
    (mmengine/optim/scheduler/param_scheduler.py, build_iter_from_epoch).
    """
    return is_step(value) or (isinstance(value, float) and math.isfinite(value) and value >= 0)


def whole_steps(value: Any) -> list[int] | None:
    """Places as steps, where each is a whole number: mmengine comes to 8.0 as it does to 8."""
    if not isinstance(value, list | tuple) or not all(map(is_place, value)):
        return None
    return [int(one) for one in value] if all(one == int(one) for one in value) else None


def are_between_steps(value: Any) -> TypeGuard[Sequence[float]]:
    """Whether a value lists places of which some are no whole number of steps."""
    are_places = isinstance(value, list | tuple) and all(map(is_place, value))
    return are_places and whole_steps(value) is None


def counts_epochs(part: Mapping[str, Any], flag: str = "by_epoch") -> bool | None:
    """Whether a scheduler or hook counts epochs: mmengine tests whether its flag is true.

    Args:
        part: The scheduler or hook.
        flag: The argument that says so; true if it is not set.

    Returns:
        ``None`` if the flag is not known.
    """
    value = part.get(flag, True)
    return None if isinstance(value, Unknown) else bool(value)


def is_stage(value: Any) -> bool:
    """Whether a value is one stage of ``dynamic_intervals``: where it begins, its interval."""
    return isinstance(value, list | tuple) and len(value) == 2 and all(map(is_step, value))
