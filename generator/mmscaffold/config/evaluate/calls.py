"""What a config may call: the builtins and methods that real configs use, and no more.

Everything here is pure Python data work. A callable that is missing from these tables
makes an ``Unknown``; nothing else is ever called.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable, Iterable
from typing import Any

from mmscaffold.config.evaluate.arguments import Args
from mmscaffold.config.evaluate.operators import BINARY
from mmscaffold.config.evaluate.text_methods import TEXT_METHODS
from mmscaffold.config.evaluate.values import (
    BaseDict,
    CfgDict,
    CfgList,
    CfgTuple,
    Slot,
    deep_copy,
    shallow_copy,
    slot_of,
)


def make_dict(args: Args) -> CfgDict:
    """``dict(...)``."""
    result = CfgDict()
    if args.positional:
        _update_shallow(result, args)
        return result
    result.update(args.keywords)
    result.slots = args.slots
    return result


def _elements(args: Args) -> tuple[list[Any], list[Slot | None] | None]:
    if not args.positional:
        return [], []
    (iterable,) = args.positional
    if hasattr(iterable, "__len__"):
        args.budget.charge_elements(len(iterable))
    slots = list(iterable.slots) if isinstance(iterable, CfgList | CfgTuple) else None
    return list(iterable), slots


def _make_list(args: Args) -> CfgList:
    return CfgList(*_elements(args))


def _make_tuple(args: Args) -> CfgTuple:
    return CfgTuple.make(*_elements(args))


def _make_range(args: Args) -> range:
    result = range(*args.positional)
    try:
        length = len(result)
    except OverflowError:
        length = 2**62
    # A range is lazy, but whatever reads it costs a step per number.
    if length > 10_000:
        args.budget.charge_elements(length)
    return result


def _plain(function: Callable[..., Any]) -> Callable[[Args], Any]:
    def call(args: Args) -> Any:
        for value in args.positional:
            if isinstance(value, list | tuple | dict | set | range):
                args.budget.charge_elements(len(value))
        return function(*args.positional, **args.keywords)

    return call


def _listing(function: Callable[..., Iterable[Any]]) -> Callable[[Args], CfgList]:
    call = _plain(function)
    return lambda args: CfgList(
        CfgTuple.make(item) if type(item) is tuple else item for item in call(args)
    )


def _iterator(function: Callable[..., Iterable[Any]]) -> Callable[[Args], Any]:
    """Made at once, but read as Python's own: once, without a length or an index."""
    call = _listing(function)
    return lambda args: iter(call(args))


def _text(function: Callable[..., Any]) -> Callable[[Args], Any]:
    def call(args: Args) -> Any:
        for value in args.positional:
            if isinstance(value, str):
                args.budget.charge_text(len(value))
            elif isinstance(value, list | tuple | dict):
                args.budget.charge_elements(len(value))
        return function(*args.positional, **args.keywords)

    return call


def _make_text(args: Args) -> str:
    for value in args.positional:
        args.budget.charge_expanded(value)
    return str(*args.positional, **args.keywords)


def _represent(args: Args) -> str:
    for value in args.positional:
        args.budget.charge_expanded(value)
    return repr(*args.positional)


def _sum(args: Args) -> Any:
    values, start = (*args.positional, args.keywords.get("start", 0))[:2]
    total = start
    for value in values:
        total = BINARY[ast.Add](total, value, args.budget)
    return total


def _deepcopy(args: Args) -> Any:
    return deep_copy(args.positional[0], {})


def _copy(args: Args) -> Any:
    return shallow_copy(args.positional[0])


def _divmod(args: Args) -> CfgTuple:
    left, right = args.positional
    return CfgTuple.make(divmod(left, right))


FUNCTIONS: dict[str, Callable[[Args], Any]] = {
    "abs": _plain(abs),
    "all": _plain(all),
    "any": _plain(any),
    "bool": _plain(bool),
    "dict": make_dict,
    "divmod": _divmod,
    "enumerate": _iterator(enumerate),
    "float": _plain(float),
    "frozenset": _plain(frozenset),
    "int": _text(int),
    "len": _plain(len),
    "list": _make_list,
    "max": _plain(max),
    "min": _plain(min),
    "range": _make_range,
    "repr": _represent,
    "reversed": _iterator(reversed),
    "round": _plain(round),
    "set": _plain(set),
    "sorted": _listing(sorted),
    "str": _make_text,
    "sum": _sum,
    "tuple": _make_tuple,
    "zip": _iterator(zip),
}

# Functions of the standard library that only compute on their arguments.
LIBRARY: dict[str, Callable[[Args], Any]] = {
    "copy.copy": _copy,
    "copy.deepcopy": _deepcopy,
    "os.path.basename": _text(posixpath.basename),
    "os.path.dirname": _text(posixpath.dirname),
    "os.path.join": _text(posixpath.join),
    "os.path.splitext": _text(posixpath.splitext),
}


def _update_shallow(target: CfgDict, args: Args) -> None:
    for argument in args.positional:
        if isinstance(argument, CfgDict):
            target.update(argument)
            target.slots.update(argument.slots)
        else:
            for key, value in dict(argument).items():
                _store(target, key, value, None)
    for key, value in args.keywords.items():
        _store(target, key, value, args.slots.get(key))


def _store(target: CfgDict, key: Any, value: Any, slot: Slot | None) -> None:
    target[key] = value
    if slot is None:
        target.slots.pop(key, None)
    else:
        target.slots[key] = slot


def as_base(value: Any) -> Any:
    """What mmengine's ConfigDict makes of a value that is stored in it.

    A plain dict becomes a ConfigDict, a list or tuple is rebuilt, and a ConfigDict is
    stored as it is: the same object.
    """
    if isinstance(value, BaseDict):
        return value
    if isinstance(value, CfgDict):
        made = BaseDict()
        for key, item in value.items():
            made[key] = as_base(item)
        made.slots = dict(value.slots)
        return made
    if isinstance(value, CfgList):
        return CfgList([as_base(item) for item in value], list(value.slots))
    if isinstance(value, CfgTuple):
        return CfgTuple.make([as_base(item) for item in value], list(value.slots))
    return value


def update_base(target: BaseDict, other: CfgDict) -> None:
    """Mmengine's ``ConfigDict.update``: nested dicts are updated, not replaced."""
    for key, value in other.items():
        if isinstance(value, CfgDict) and isinstance(target.get(key), BaseDict):
            update_base(target[key], value)
        else:
            _store(target, key, as_base(value), other.slots.get(key))


def _dict_update(target: CfgDict, args: Args) -> None:
    if isinstance(target, BaseDict):
        update_base(target, make_dict(args))
    else:
        _update_shallow(target, args)


def _dict_merge(target: BaseDict, args: Args) -> None:
    (other,) = args.positional
    if not isinstance(other, CfgDict):
        raise TypeError(f"merge() takes a dict, not {type(other).__name__}")
    merged = merge_into(deep_copy(other, {}), deep_copy(target, {}))
    target.clear()
    target.slots.clear()
    for key, value in merged.items():
        _store(target, key, as_base(value), merged.slots.get(key))


def merge_into(child: CfgDict, base: Any) -> CfgDict:
    """Mmengine's ``ConfigDict.merge``: ``child`` laid over ``base``; both may change.

    Other than between files, ``_delete_`` never stays, and what meets no dict replaces it.
    """
    delete = child.pop("_delete_", False)
    if not isinstance(base, CfgDict):
        return child
    merged = CfgDict() if delete else CfgDict(base)
    merged.slots = {} if delete else dict(base.slots)
    # A key of the base keeps its place, even if it is named _delete_.
    merged.pop("_delete_", None)
    for key, value in child.items():
        below = merged.get(key)
        slot = child.slots.get(key)
        merged[key] = merge_into(value, below) if isinstance(value, CfgDict) else value
        if slot is not None:
            merged.slots[key] = slot.over(merged.slots.get(key))
    return merged


def _dict_pop(target: CfgDict, args: Args) -> Any:
    key = args.positional[0]
    target.slots.pop(key, None)
    if isinstance(target, BaseDict) and len(args.positional) == 1:
        return dict.pop(target, key, args.keywords.get("default"))
    return dict.pop(target, *args.positional)


def _dict_setdefault(target: CfgDict, args: Args) -> Any:
    key, default = (*args.positional, None)[:2]
    if key not in target:
        _store(target, key, default, args.slots.get(1))
    return target[key]


def _dict_clear(target: CfgDict, _: Args) -> None:
    target.clear()
    target.slots.clear()


def _list_append(target: CfgList, args: Args) -> None:
    args.budget.charge_elements(1)
    target.append(args.positional[0])
    target.slots.append(args.slots.get(0))


def _list_extend(target: CfgList, args: Args) -> None:
    values, slots = _elements(args)
    target.extend(values)
    target.slots.extend(slots if slots is not None else [None] * len(values))


def _list_insert(target: CfgList, args: Args) -> None:
    args.budget.charge_elements(1)
    index, value = args.positional
    target.insert(index, value)
    target.slots.insert(index, args.slots.get(1))


def _list_pop(target: CfgList, args: Args) -> Any:
    target.slots.pop(*args.positional)
    return target.pop(*args.positional)


def _list_remove(target: CfgList, args: Args) -> None:
    index = target.index(args.positional[0])
    del target[index], target.slots[index]


def _list_reverse(target: CfgList, _: Args) -> None:
    target.reverse()
    target.slots.reverse()


def _list_clear(target: CfgList, _: Args) -> None:
    target.clear()
    target.slots.clear()


def _list_sort(target: CfgList, args: Args) -> None:
    target.sort(**args.keywords)
    target.slots = [None] * len(target)


def _method(name: str, kind: type[Any]) -> Callable[[Any, Args], Any]:
    function = getattr(kind, name)
    return lambda target, args: function(target, *args.positional, **args.keywords)


def _items(target: CfgDict, _: Args) -> CfgList:
    return CfgList(
        CfgTuple.make(pair, [None, slot_of(target, pair[0])]) for pair in dict.items(target)
    )


_SET_METHODS = (
    "add",
    "clear",
    "copy",
    "difference",
    "discard",
    "intersection",
    "isdisjoint",
    "issubset",
    "issuperset",
    "remove",
    "symmetric_difference",
    "union",
    "update",
)

METHODS: dict[type[Any], dict[str, Callable[[Any, Args], Any]]] = {
    CfgDict: {
        "clear": _dict_clear,
        "copy": lambda target, _: shallow_copy(target),
        "get": _method("get", dict),
        "items": _items,
        "keys": lambda target, _: CfgList(dict.keys(target)),
        "pop": _dict_pop,
        "setdefault": _dict_setdefault,
        "update": _dict_update,
        "values": lambda target, _: CfgList(
            dict.values(target), [slot_of(target, key) for key in dict.keys(target)]
        ),
    },
    CfgList: {
        "append": _list_append,
        "clear": _list_clear,
        "copy": lambda target, _: shallow_copy(target),
        "count": _method("count", list),
        "extend": _list_extend,
        "index": _method("index", list),
        "insert": _list_insert,
        "pop": _list_pop,
        "remove": _list_remove,
        "reverse": _list_reverse,
        "sort": _list_sort,
    },
    CfgTuple: {"count": _method("count", tuple), "index": _method("index", tuple)},
    str: TEXT_METHODS,
    set: {name: _method(name, set) for name in _SET_METHODS},
}
METHODS[BaseDict] = METHODS[CfgDict] | {"merge": _dict_merge}
