"""What counts as a step of training, or as a stage of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import TypeGuard


def is_step(value: Any) -> TypeGuard[int]:
    """Whether a value counts epochs or iterations: an integer from 0 on."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_stage(value: Any) -> bool:
    """Whether a value is one stage of ``dynamic_intervals``: where it begins, its interval."""
    return isinstance(value, list | tuple) and len(value) == 2 and all(map(is_step, value))
