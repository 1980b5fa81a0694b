"""Compare configs as strictly as the resolver promises."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.evaluate.values import Unknown


def same(left: Any, right: Any) -> bool:
    """Equal in values, types, and the order of keys; unknown only what is not a plain value."""
    if isinstance(left, Unknown):
        return callable(right)
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right or (left != left and right != right)
