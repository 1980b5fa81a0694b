"""Copies of values with their origins, each as mmengine or Python would copy them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mmscaffold.config.evaluate.containers import (
    BaseDict,
    CfgDict,
    CfgList,
    CfgSet,
    CfgTuple,
    origin_of,
)
from mmscaffold.config.evaluate.iterators import CfgIterator, View
from mmscaffold.config.evaluate.values import (
    LEAVES,
    Foreign,
    FunctionValue,
    ModuleValue,
    Unknown,
    is_kept,
    unreaching,
)


def deep_copy(value: Any, memo: dict[int, Any]) -> Any:
    """Copy containers and keep their origins, as ``copy.deepcopy`` would.

    Args:
        value: What to copy.
        memo: The copies made so far by ``id``, so that aliases stay aliases.
    """
    if type(value) in LEAVES:
        return value
    if id(value) in memo:
        return memo[id(value)]
    if isinstance(value, Unknown):
        return unreaching(value)
    if isinstance(value, CfgDict):
        # An incomplete base is copied as an ordinary one: what is missing of it stays so.
        copied = BaseDict() if isinstance(value, BaseDict) else CfgDict()
        memo[id(value)] = copied
        dict.update(copied, {key: deep_copy(item, memo) for key, item in value.items()})
        copied.take_origins(value)
        return copied
    if isinstance(value, CfgList):
        items = CfgList((), value.shared_origins())
        memo[id(value)] = items
        list.extend(items, [deep_copy(item, memo) for item in value])
        return items
    if isinstance(value, tuple):
        origins = value.shared_origins() if isinstance(value, CfgTuple) else None
        return CfgTuple.make([deep_copy(item, memo) for item in value], origins)
    if isinstance(value, set):
        return CfgSet(value)
    return value


def detached(value: Any) -> Any:
    """A copy in which no two places share a container, as mmengine hands bases on.

    mmengine rebuilds every container of a base (``Config._dict_to_config_dict``), so that
    an edit of one name of a base never shows under another.
    """
    if type(value) in LEAVES:
        return value
    if isinstance(value, Unknown):
        return value
    if isinstance(value, CfgDict):
        return _rebuilt(value, detached)
    if isinstance(value, CfgList):
        return CfgList([detached(item) for item in value], value.shared_origins())
    if isinstance(value, CfgTuple):
        return CfgTuple.make([detached(item) for item in value], value.shared_origins())
    return value


def parted(value: Any) -> Any:
    """A copy in which no two places share a container, each of its own kind.

    mmengine copies what a file sets once for each place (``Config._substitute_base_vars``).
    """
    if isinstance(value, CfgDict):
        made = BaseDict() if isinstance(value, BaseDict) else CfgDict()
        dict.update(made, {key: parted(item) for key, item in value.items()})
        made.take_origins(value)
        return made
    if isinstance(value, CfgList):
        return CfgList([parted(item) for item in value], value.shared_origins())
    if isinstance(value, CfgTuple):
        return CfgTuple.make([parted(item) for item in value], value.shared_origins())
    return value


def as_base(value: Any) -> Any:
    """What mmengine's ConfigDict makes of a value that is stored in it.

    A plain dict becomes a ConfigDict, a list or tuple is rebuilt, and a ConfigDict is
    stored as it is: the same object.
    """
    if isinstance(value, BaseDict | Unknown):
        return value
    if isinstance(value, CfgDict):
        return _rebuilt(value, as_base)
    if isinstance(value, CfgList):
        return CfgList([as_base(item) for item in value], value.shared_origins())
    if isinstance(value, CfgTuple):
        return CfgTuple.make([as_base(item) for item in value], value.shared_origins())
    return value


def _rebuilt(value: CfgDict, copy: Callable[[Any], Any]) -> BaseDict:
    copied = BaseDict(
        {key: item if type(item) in LEAVES else copy(item) for key, item in value.items()}
    )
    copied.take_origins(value)
    return copied


def shallow_copy(value: Any) -> Any:
    """Copy one container, as ``copy.copy`` would, origins included."""
    if isinstance(value, BaseDict):
        copied = BaseDict({key: as_base(item) for key, item in value.items()})
        copied.take_origins(value)
        return copied
    if isinstance(value, CfgSet):
        return CfgSet(value)
    return value.copy() if isinstance(value, CfgDict | CfgList) else value


def without_foreign(value: Any, where: str, done: dict[int, Any] | None = None) -> Any:
    """The value with every function and module in it made an ``Unknown``, in place."""
    done = {} if done is None else done
    if isinstance(value, FunctionValue | ModuleValue):
        kind = Unknown if is_kept(value) else Foreign
        return kind(f"{value.name} is a function or module, not a config value", where)
    if isinstance(value, CfgIterator | View):
        return Unknown("an iterator or view is not a config value", where)
    if not isinstance(value, CfgDict | list | tuple):
        return value
    # Aliases may nest one list a billion times; each object is seen once.
    if id(value) in done:
        return done[id(value)]
    done[id(value)] = value
    if isinstance(value, tuple):
        items = [without_foreign(item, where, done) for item in value]
        origins = value.shared_origins() if isinstance(value, CfgTuple) else None
        done[id(value)] = CfgTuple.make(items, origins)
    elif isinstance(value, list):
        # The places stay the same: only what stands there is changed.
        list.__setitem__(value, slice(None), [without_foreign(one, where, done) for one in value])
    else:
        for key, item in value.items():
            new = without_foreign(item, where, done)
            if new is not item:
                # The same keys, so that the loop may go on.
                value.put(key, new, origin_of(value, key))
    return done[id(value)]
