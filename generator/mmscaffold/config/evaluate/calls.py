"""What a config may call: the builtins and methods that real configs use, and no more.

Everything here is pure Python data work. A callable that is missing from these tables
makes an ``Unknown``; nothing else is ever called.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable, Iterable
from typing import Any, TypeGuard

from mmscaffold.config.evaluate.arguments import Args
from mmscaffold.config.evaluate.containers import (
    UNORDERED,
    BaseDict,
    CfgDict,
    CfgIterator,
    CfgList,
    CfgSet,
    CfgTuple,
    IncompleteBase,
    UnionDict,
    View,
    is_unordered,
    origin_of,
)
from mmscaffold.config.evaluate.copies import as_base, deep_copy, detached, shallow_copy
from mmscaffold.config.evaluate.operators import BINARY
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.text_methods import TEXT_METHODS
from mmscaffold.config.evaluate.values import (
    BUILTIN,
    FunctionValue,
    LazyName,
    ModuleValue,
    NotEvaluatedError,
    Unknown,
)


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
    if isinstance(iterable, View):
        # Pairs are made for it, with the origins of both.
        args.budget.charge_elements(3 * len(iterable))
    if hasattr(iterable, "__len__"):
        args.budget.charge_elements(len(iterable))
    if is_unordered(iterable):
        raise NotEvaluatedError(UNORDERED)
    origins = list(iterable.origins) if isinstance(iterable, CfgList | CfgTuple) else None
    return list(iterable), origins


def _make_list(args: Args) -> CfgList:
    return CfgList(*_elements(args))


def _make_tuple(args: Args) -> CfgTuple:
    return CfgTuple.make(*_elements(args))


def _round(args: Args) -> Any:
    number, digits = (*args.positional, args.keywords.get("ndigits"))[:2]
    if isinstance(number, int) and isinstance(digits, int) and digits < 0:
        # Python computes 10 to that power; four bits hold a digit.
        args.budget.charge_integer(-digits * 4)
    return round(*args.positional, **args.keywords)


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


def _sorted(args: Args) -> CfgList:
    return CfgList(_keyed(sorted)(args))


def _make_set(args: Args) -> CfgSet:
    return CfgSet(_plain(set)(args))


def _keyed(function: Callable[..., Any]) -> Callable[[Args], Any]:
    """A function with ``key=``, which may be a function of the config."""
    call = _plain(function)

    def apply(args: Args) -> Any:
        key = args.keywords.get("key")
        if isinstance(key, FunctionValue):
            raise NotEvaluatedError("a function is passed as an argument that is not called here")
        if key is None and args.find_unknown(args.positional):
            raise NotEvaluatedError("it orders what is not known")
        return call(args)

    return apply


def _is_instance(args: Args) -> bool:
    value, kinds = args.positional
    if isinstance(value, CfgIterator):
        raise NotEvaluatedError("the type of an iterator")
    return any(is_of(value, kind) for kind in (kinds if isinstance(kinds, tuple) else (kinds,)))


def is_of(value: Any, kind: Any) -> bool:
    """Whether a value is of a builtin type, or of one of several.

    Raises:
        NotEvaluatedError: If it is another type, so that this is not known.
    """
    if isinstance(kind, tuple):
        return any(is_of(value, inner) for inner in kind)
    is_builtin = type(kind) is FunctionValue and kind.reason == BUILTIN
    known = _TYPES.get(kind.name) if is_builtin else None
    if known is None:
        raise NotEvaluatedError("isinstance with a type that is not a builtin")
    if isinstance(value, FunctionValue | ModuleValue):
        return False
    return isinstance(value, known)


def _callable(args: Args) -> bool:
    (value,) = args.positional
    if isinstance(value, LazyName):
        raise NotEvaluatedError("whether an imported name can be called")
    return isinstance(value, FunctionValue)


def _has_attribute(args: Args) -> bool:
    value, name = args.positional
    if not isinstance(name, str) or isinstance(value, FunctionValue | ModuleValue | LazyName):
        raise NotEvaluatedError("whether this has an attribute")
    if isinstance(value, BaseDict):
        if name in BASE_ATTRIBUTES:
            return True
        if isinstance(value, IncompleteBase) and value.is_unsure(name):
            raise NotEvaluatedError("whether a base sets this is not known")
        return name in value
    for kind in (dict, list, tuple, set):
        if isinstance(value, kind):
            return hasattr(kind, name)
    if isinstance(value, CfgIterator):
        raise NotEvaluatedError("whether this has an attribute")
    return hasattr(value, name)


def _get_attribute(args: Args) -> Any:
    target, name, *default = args.positional
    if not isinstance(target, BaseDict) or not isinstance(name, str) or args.keywords:
        raise NotEvaluatedError("getattr of what is not part of a base")
    if name in BASE_ATTRIBUTES or _is_unsure(target, name):
        raise NotEvaluatedError("getattr of what is not part of a base")
    if name not in target:
        if not default:
            raise AttributeError(f"no key {name!r} there")
        return default[0]
    return target[name]


def _iterator(function: Callable[..., Iterable[Any]]) -> Callable[[Args], CfgIterator]:
    """Read as Python's own: once, without a length or an index."""
    call = _plain(function)

    def make(args: Args) -> CfgIterator:
        if any(is_unordered(value) for value in args.positional):
            raise NotEvaluatedError(UNORDERED)
        return CfgIterator(
            (CfgTuple.make(item) if type(item) is tuple else item for item in call(args)),
            tuple(args.positional),
        )

    return make


def _text(function: Callable[..., Any]) -> Callable[[Args], Any]:
    def call(args: Args) -> Any:
        for value in args.positional:
            if isinstance(value, str):
                args.budget.charge_text(len(value))
            elif isinstance(value, list | tuple | dict):
                args.budget.charge_elements(len(value))
        result = function(*args.positional, **args.keywords)
        if isinstance(result, int):
            args.budget.charge_integer(result.bit_length())
        return result

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
        args.budget.charge_steps(1)
        total = BINARY[ast.Add](total, value, args.budget)
    return total


def _deepcopy(args: Args) -> Any:
    args.budget.charge_copied(args.positional[0])
    return deep_copy(args.positional[0], {})


def _copy(args: Args) -> Any:
    return shallow_copy(args.positional[0])


def _divmod(args: Args) -> CfgTuple:
    left, right = args.positional
    if isinstance(left, int) and isinstance(right, int):
        args.budget.charge_product(left, right)
    return CfgTuple.make(divmod(left, right))


FUNCTIONS: dict[str, Callable[[Args], Any]] = {
    "abs": _plain(abs),
    "all": _plain(all),
    "any": _plain(any),
    "bool": _plain(bool),
    "dict": make_dict,
    "divmod": _divmod,
    "callable": _callable,
    "enumerate": _iterator(enumerate),
    "float": _plain(float),
    "frozenset": _plain(frozenset),
    "getattr": _get_attribute,
    "hasattr": _has_attribute,
    "int": _text(int),
    "isinstance": _is_instance,
    "len": _plain(len),
    "list": _make_list,
    "max": _keyed(max),
    "min": _keyed(min),
    "range": _make_range,
    "repr": _represent,
    "reversed": _iterator(reversed),
    "round": _round,
    "set": _make_set,
    "sorted": _sorted,
    "str": _make_text,
    "sum": _sum,
    "tuple": _make_tuple,
    "zip": _iterator(zip),
}

AS_STATEMENTS = frozenset({"delattr", "setattr"})
"""Builtins that do what an assignment or ``del`` does."""

# These do not look into what they are given.
SHALLOW = frozenset(
    """
    bool callable enumerate getattr hasattr isinstance len list max min reversed
    sorted tuple zip copy.copy copy.deepcopy
    """.split()  # noqa: SIM905
)

_TYPES: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (bool, dict, float, frozenset, int, list, range, set, str, tuple)
}

BASE_ATTRIBUTES = frozenset(dir(dict)) | {
    *("_hook", "_to_lazy_dict", "build_lazy", "deepcopy", "freeze", "lazy", "merge", "to_dict"),
    *("scope", "unfreeze", "__parent", "__key", "__frozen", "__dict__", "__getattr__"),
    *("__copy__", "__deepcopy__", "__delattr__", "__missing__", "__add__", "__module__"),
}
"""What mmengine's dicts have as attributes, whatever their keys."""

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
        below = target.get(key)
        if _may_be_dict(value) and _is_unsure(target, key):
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


def _dict_update(target: CfgDict, args: Args) -> None:
    if isinstance(target, BaseDict):
        if len(args.positional) > 1:
            raise TypeError("update() takes one positional argument")
        if args.positional and not isinstance(args.positional[0], CfgDict):
            raise TypeError("update() of a base takes a dict")
        update_base(target, make_dict(args))
    else:
        _update_shallow(target, args)


def _dict_merge(target: CfgDict, args: Args) -> None:
    (other,) = args.positional
    _fully_known(target)
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


def _dict_pop(target: CfgDict, args: Args) -> Any:
    if isinstance(target, BaseDict):
        key, default = _key_and_default(args)
        if _is_unsure(target, key):
            return _unsure_item(target.missing, target.pop(key, None), default)
        return target.pop(key, default)
    if args.keywords:
        raise TypeError("dict.pop() takes no keyword arguments")
    return target.pop(*args.positional)


def _dict_get(target: CfgDict, args: Args) -> Any:
    if isinstance(target, BaseDict):
        key, default = _key_and_default(args)
        if _is_unsure(target, key):
            return _unsure_item(target.missing, dict.get(target, key), default)
        return dict.get(target, key, default)
    if args.keywords:
        raise TypeError("dict.get() takes no keyword arguments")
    return dict.get(target, *args.positional)


def _is_unsure(target: Any, key: Any) -> TypeGuard[IncompleteBase]:
    return isinstance(target, IncompleteBase) and target.is_unsure(key)


def _unsure_item(missing: Unknown, *values: Any) -> Unknown:
    return Unknown(missing.reason, missing.where, values)


def _key_and_default(args: Args) -> tuple[Any, Any]:
    def name(key: Any, default: Any = None) -> tuple[Any, Any]:
        return key, default

    return name(*args.positional, **args.keywords)


def _dict_setdefault(target: CfgDict, args: Args) -> Any:
    key, default = _key_and_default(args)
    if isinstance(target, BaseDict):
        if _is_unsure(target, key):
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
    return _ordinary(_fully_known(target))


def _ordinary(value: Any) -> Any:
    """Mmengine's ``to_dict``: ordinary dicts, and names as text."""
    if isinstance(value, Unknown):
        return Unknown(value.reason, value.where)
    if isinstance(value, CfgDict):
        made = CfgDict({key: _ordinary(item) for key, item in value.items()})
        made.take_origins(value)
        return made
    if isinstance(value, CfgList):
        return CfgList([_ordinary(item) for item in value], value.shared_origins())
    if isinstance(value, CfgTuple):
        return CfgTuple.make([_ordinary(item) for item in value], value.shared_origins())
    return value.dumped if isinstance(value, LazyName) else value


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
METHODS[UnionDict] = {
    name: method for name, method in METHODS[BaseDict].items() if name not in ("merge", "to_dict")
}
METHODS[IncompleteBase] = METHODS[BaseDict]
