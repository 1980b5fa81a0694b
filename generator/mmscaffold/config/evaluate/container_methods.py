"""The methods that a config may call of dicts, lists, tuples, sets and strings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mmscaffold.config.evaluate.arguments import Args
from mmscaffold.config.evaluate.base_dicts import merge_into, ordinary, update_base
from mmscaffold.config.evaluate.calls import from_keys, make_dict, update_shallow
from mmscaffold.config.evaluate.containers import (
    BaseDict,
    CfgDict,
    CfgList,
    CfgSet,
    CfgTuple,
    UnionDict,
    origin_of,
)
from mmscaffold.config.evaluate.copies import as_base, deep_copy, shallow_copy
from mmscaffold.config.evaluate.incomplete_base import IncompleteBase, is_unsure
from mmscaffold.config.evaluate.iterators import View
from mmscaffold.config.evaluate.text_methods import TEXT_METHODS
from mmscaffold.config.evaluate.values import FunctionValue, NotEvaluatedError, Unknown


def _dict_update(target: CfgDict, args: Args) -> None:
    if isinstance(target, BaseDict):
        if len(args.positional) > 1:
            raise TypeError("update() takes one positional argument")
        if args.positional and not isinstance(args.positional[0], CfgDict):
            raise TypeError("update() of a base takes a dict")
        update_base(target, make_dict(args))
    else:
        update_shallow(target, args)


def _dict_merge(target: CfgDict, args: Args) -> None:
    (other,) = args.positional
    _fully_known(target)
    if not isinstance(other, CfgDict):
        raise TypeError(f"merge() takes a dict, not {type(other).__name__}")
    merged = merge_into(deep_copy(other, {}), deep_copy(target, {}))
    target.clear()
    for key, value in merged.items():
        target.put(key, as_base(value), merged.origins.get(key))


def _dict_pop(target: CfgDict, args: Args) -> Any:
    if isinstance(target, BaseDict):
        key, default = _key_and_default(args)
        if is_unsure(target, key):
            return _unsure_item(target.missing, target.pop(key, None), default)
        return target.pop(key, default)
    if args.keywords:
        raise TypeError("dict.pop() takes no keyword arguments")
    return target.pop(*args.positional)


def _dict_get(target: CfgDict, args: Args) -> Any:
    if isinstance(target, BaseDict):
        key, default = _key_and_default(args)
        if is_unsure(target, key):
            return _unsure_item(target.missing, dict.get(target, key), default)
        return dict.get(target, key, default)
    if args.keywords:
        raise TypeError("dict.get() takes no keyword arguments")
    return dict.get(target, *args.positional)


def _unsure_item(missing: Unknown, *values: Any) -> Unknown:
    return Unknown(missing.reason, missing.where, values)


def _key_and_default(args: Args) -> tuple[Any, Any]:
    def name(key: Any, default: Any = None) -> tuple[Any, Any]:
        return key, default

    return name(*args.positional, **args.keywords)


def _dict_setdefault(target: CfgDict, args: Args) -> Any:
    key, default = _key_and_default(args)
    if isinstance(target, BaseDict):
        if is_unsure(target, key):
            raise NotEvaluatedError("whether a base sets this is not known")
        if key in target:
            return target[key]
        target.put(key, as_base(default), args.origins.get(1, args.origins.get("default")))
        return default
    if args.keywords:
        raise TypeError("dict.setdefault() takes no keyword arguments")
    return target.setdefault(key, default, args.origins.get(1))


def _dict_popitem(target: CfgDict, args: Args) -> CfgTuple:
    if args.positional or args.keywords:
        raise TypeError("popitem() takes no arguments")
    if isinstance(target, IncompleteBase):
        raise NotEvaluatedError("which item is the last is not known")
    return CfgTuple.make(target.popitem())


def _fully_known(target: Any) -> Any:
    if isinstance(target, IncompleteBase):
        raise NotEvaluatedError("not all keys of the bases are known")
    return target


def _to_dict(target: CfgDict, _: Args) -> Any:
    return ordinary(_fully_known(target))


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


def _set_method(name: str) -> Callable[[Any, Args], Any]:
    function = getattr(set, name)

    def call(target: Any, args: Args) -> Any:
        if name == "pop" and len(target) > 1:
            raise NotEvaluatedError("which element of a set is the first is not known")
        value = function(target, *args.positional, **args.keywords)
        return CfgSet(value) if type(value) is set else value

    return call


def _list_sort(target: CfgList, args: Args) -> None:
    if isinstance(args.keywords.get("key"), FunctionValue):
        raise NotEvaluatedError("a function is passed as an argument that is not called here")
    target.sort(*args.positional, **args.keywords)


def _pairs(target: CfgDict) -> CfgList:
    return CfgList(
        CfgTuple.make(pair, [None, origin_of(target, pair[0])]) for pair in dict.items(target)
    )


def _values(target: CfgDict) -> CfgList:
    return CfgList(dict.values(target), [origin_of(target, key) for key in dict.keys(target)])


def _keys(target: CfgDict, args: Args) -> Any:
    _no_arguments(args)
    return View(_fully_known(target), dict.keys, lambda of: CfgList(dict.keys(of)))


def _no_arguments(args: Args) -> None:
    if args.positional or args.keywords:
        raise TypeError("this method takes no arguments")


def _items(target: CfgDict, args: Args) -> Any:
    _no_arguments(args)
    if isinstance(target, BaseDict) and not isinstance(target, UnionDict):
        return _pairs(_fully_known(target))
    return View(target, dict.items, _pairs)


def _list_values(target: CfgDict, args: Args) -> Any:
    _no_arguments(args)
    if isinstance(target, BaseDict) and not isinstance(target, UnionDict):
        return _values(_fully_known(target))
    return View(target, dict.values, _values)


_SET_METHODS = (
    "add",
    "clear",
    "copy",
    "difference",
    "difference_update",
    "discard",
    "intersection",
    "intersection_update",
    "isdisjoint",
    "issubset",
    "issuperset",
    "pop",
    "remove",
    "symmetric_difference",
    "symmetric_difference_update",
    "union",
    "update",
)

METHODS: dict[type[Any], dict[str, Callable[[Any, Args], Any]]] = {
    CfgDict: {
        "clear": _method("clear", CfgDict),
        "copy": _method("copy", CfgDict),
        "fromkeys": lambda _, args: from_keys(args),
        "get": _dict_get,
        "items": _items,
        "keys": _keys,
        "pop": _dict_pop,
        "popitem": _dict_popitem,
        "setdefault": _dict_setdefault,
        "update": _dict_update,
        "values": _list_values,
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
        "sort": _list_sort,
    },
    CfgTuple: {"count": _method("count", tuple), "index": _method("index", tuple)},
    str: TEXT_METHODS,
    CfgSet: {name: _set_method(name) for name in _SET_METHODS},
}
METHODS[BaseDict] = METHODS[CfgDict] | {
    "copy": lambda target, _: shallow_copy(_fully_known(target)),
    "deepcopy": lambda target, _: deep_copy(_fully_known(target), {}),
    "merge": _dict_merge,
    "to_dict": _to_dict,
}
del METHODS[BaseDict]["fromkeys"]
METHODS[UnionDict] = {
    name: method for name, method in METHODS[BaseDict].items() if name not in ("merge", "to_dict")
}
METHODS[IncompleteBase] = METHODS[BaseDict]

UNBOUND = {
    "dict": METHODS[CfgDict],
    "list": METHODS[CfgList],
    "set": METHODS[CfgSet],
    "str": METHODS[str],
    "tuple": METHODS[CfgTuple],
}
"""The same by the name of the type, for ``dict.update(d, a=1)``."""
