"""Two numbers in the other order."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.evaluate.containers import CfgList, CfgTuple


def swapped(value: Any) -> Any:
    """Swap the two elements of a list or tuple; a value that stays the same is the same object."""
    if not isinstance(value, CfgList | CfgTuple) or len(value) != 2 or value[0] == value[1]:
        return value
    items, origins = [value[1], value[0]], [value.origins[1], value.origins[0]]
    return CfgList(items, origins) if isinstance(value, CfgList) else CfgTuple.make(items, origins)
