"""What mmengine's own dicts do when they are updated, joined, merged or written out."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.evaluate.containers import (
    BaseDict,
    CfgDict,
    CfgList,
    CfgTuple,
    UnionDict,
    origin_of,
)
from mmscaffold.config.evaluate.copies import as_base, detached
from mmscaffold.config.evaluate.incomplete_base import is_unsure
from mmscaffold.config.evaluate.values import LazyName, NotEvaluatedError, Unknown


def update_base(target: BaseDict, other: CfgDict) -> None:
    """Mmengine's ``ConfigDict.update``: nested dicts are updated, not replaced."""
    for key, value in other.items():
        below = target.get(key)
        if _may_be_dict(value) and is_unsure(target, key):
            raise NotEvaluatedError("whether this updates a dict is not known")
        if _may_be_dict(below) and _may_be_dict(value) and Unknown in _bases_of(below, value):
            raise NotEvaluatedError("whether this updates a dict is not known")
        if isinstance(value, CfgDict) and isinstance(target.get(key), BaseDict):
            update_base(target[key], value)
        else:
            target.put(key, as_base(value), other.origins.get(key))


def _may_be_dict(value: Any) -> bool:
    return isinstance(value, CfgDict | Unknown)


def _bases_of(*values: Any) -> set[type[Any]]:
    return {Unknown for value in values if isinstance(value, Unknown)}


def _as_union(value: Any) -> Any:
    if isinstance(value, CfgDict) and not isinstance(value, Unknown):
        made = UnionDict({key: _as_union(item) for key, item in value.items()})
        made.take_origins(value)
        return made
    return detached(value) if isinstance(value, list | tuple) else value


def union_of_bases(left: Any, right: Any) -> CfgDict:
    """``|`` where one side is mmengine's: a copy of the left, updated all the way down."""
    if not isinstance(left, CfgDict) or not isinstance(right, CfgDict):
        raise TypeError("only a dict can be joined with a dict")
    made: CfgDict = _as_union(left)
    for key, value in right.items():
        below = made.get(key)
        if isinstance(below, BaseDict) and isinstance(value, CfgDict):
            made.put(key, union_of_bases(below, value), made.origins.get(key))
        else:
            made.put(key, value, right.origins.get(key))
    return made


def merge_into(child: CfgDict, base: Any) -> CfgDict:
    """Mmengine's ``ConfigDict.merge``: ``child`` laid over ``base``; both may change.

    Other than between files, ``_delete_`` never stays, and what meets no dict replaces it.
    """
    delete = child.pop("_delete_", False)
    if isinstance(base, Unknown) or isinstance(delete, Unknown):
        raise NotEvaluatedError("what this merges with is not known")
    if not isinstance(base, CfgDict):
        return child
    merged = CfgDict()
    if not delete:
        merged.update(base)
        # A key of the base keeps its place, even if it is named _delete_.
        merged.pop("_delete_", None)
    for key, value in child.items():
        below = merged.get(key)
        origin = origin_of(child, key)
        if origin is not None:
            origin = origin.over(origin_of(merged, key))
        if isinstance(value, Unknown) and isinstance(below, CfgDict | Unknown):
            raise NotEvaluatedError("what this merges with is not known")
        if isinstance(value, CfgDict):
            value = merge_into(value, below)
        merged.put(key, value, origin or origin_of(merged, key))
    return merged


def ordinary(value: Any) -> Any:
    """Mmengine's ``to_dict``: ordinary dicts, and names as text."""
    if isinstance(value, Unknown):
        return Unknown(value.reason, value.where)
    if isinstance(value, CfgDict):
        made = CfgDict({key: ordinary(item) for key, item in value.items()})
        made.take_origins(value)
        return made
    if isinstance(value, CfgList):
        return CfgList([ordinary(item) for item in value], value.shared_origins())
    if isinstance(value, CfgTuple):
        return CfgTuple.make([ordinary(item) for item in value], value.shared_origins())
    return value.dumped if isinstance(value, LazyName) else value
