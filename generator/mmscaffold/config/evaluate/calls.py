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
from mmscaffold.config.evaluate.containers import (
    BaseDict,
    CfgDict,
    CfgList,
    CfgTuple,
    origin_of,
)
from mmscaffold.config.evaluate.copies import as_base, deep_copy, shallow_copy
from mmscaffold.config.evaluate.operators import BINARY
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.text_methods import TEXT_METHODS


def make_dict(args: Args) -> CfgDict:
    """``dict(...)``."""
    if not args.positional:
        return CfgDict.make(args.keywords, args.origins)
    result = CfgDict()
    _update_shallow(result, args)
    return result


def _elements(args: Args) -> tuple[list[Any], list[Origin | None] | None]:
    if not args.positional:
        return [], []
    (iterable,) = args.positional
    if hasattr(iterable, "__len__"):
        args.budget.charge_elements(len(iterable))
    origins = list(iterable.origins) if isinstance(iterable, CfgList | CfgTuple) else None
    return list(iterable), origins


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
        target.update(argument)
    for key, value in args.keywords.items():
        target.put(key, value, args.origins.get(key))


def update_base(target: BaseDict, other: CfgDict) -> None:
    """Mmengine's ``ConfigDict.update``: nested dicts are updated, not replaced."""
    for key, value in other.items():
        if isinstance(value, CfgDict) and isinstance(target.get(key), BaseDict):
            update_base(target[key], value)
        else:
            target.put(key, as_base(value), other.origins.get(key))


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
    for key, value in merged.items():
        target.put(key, as_base(value), merged.origins.get(key))


def merge_into(child: CfgDict, base: Any) -> CfgDict:
    """Mmengine's ``ConfigDict.merge``: ``child`` laid over ``base``; both may change.

    Other than between files, ``_delete_`` never stays, and what meets no dict replaces it.
    """
    delete = child.pop("_delete_", False)
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
        if isinstance(value, CfgDict):
            value = merge_into(value, below)
        merged.put(key, value, origin or origin_of(merged, key))
    return merged


def _dict_pop(target: CfgDict, args: Args) -> Any:
    if isinstance(target, BaseDict) and len(args.positional) == 1:
        return target.pop(args.positional[0], args.keywords.get("default"))
    return target.pop(*args.positional)


def _dict_setdefault(target: CfgDict, args: Args) -> Any:
    key, default = (*args.positional, None)[:2]
    return target.setdefault(key, default, args.origins.get(1))


def _list_append(target: CfgList, args: Args) -> None:
    args.budget.charge_elements(1)
    target.append(args.positional[0], args.origins.get(0))


def _list_extend(target: CfgList, args: Args) -> None:
    (iterable,) = args.positional
    if hasattr(iterable, "__len__"):
        args.budget.charge_elements(len(iterable))
    target.extend(iterable)


def _list_insert(target: CfgList, args: Args) -> None:
    args.budget.charge_elements(1)
    index, value = args.positional
    target.insert(index, value, args.origins.get(1))


def _method(name: str, kind: type[Any]) -> Callable[[Any, Args], Any]:
    function = getattr(kind, name)
    return lambda target, args: function(target, *args.positional, **args.keywords)


def _items(target: CfgDict, _: Args) -> CfgList:
    return CfgList(
        CfgTuple.make(pair, [None, origin_of(target, pair[0])]) for pair in dict.items(target)
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
        "clear": _method("clear", CfgDict),
        "copy": _method("copy", CfgDict),
        "get": _method("get", dict),
        "items": _items,
        "keys": lambda target, _: CfgList(dict.keys(target)),
        "pop": _dict_pop,
        "setdefault": _dict_setdefault,
        "update": _dict_update,
        "values": lambda target, _: CfgList(
            dict.values(target), [origin_of(target, key) for key in dict.keys(target)]
        ),
    },
    CfgList: {
        "append": _list_append,
        "clear": _method("clear", CfgList),
        "copy": _method("copy", CfgList),
        "count": _method("count", list),
        "extend": _list_extend,
        "index": _method("index", list),
        "insert": _list_insert,
        "pop": _method("pop", CfgList),
        "remove": _method("remove", CfgList),
        "reverse": _method("reverse", CfgList),
        "sort": _method("sort", CfgList),
    },
    CfgTuple: {"count": _method("count", tuple), "index": _method("index", tuple)},
    str: TEXT_METHODS,
    set: {name: _method(name, set) for name in _SET_METHODS},
}
METHODS[BaseDict] = METHODS[CfgDict] | {"merge": _dict_merge}
