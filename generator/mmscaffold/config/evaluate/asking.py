"""What a config may ask of a value: its type, and whether it has an attribute."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.evaluate.arguments import Args
from mmscaffold.config.evaluate.containers import BaseDict, CfgDict, CfgList, CfgSet, CfgTuple
from mmscaffold.config.evaluate.incomplete_base import IncompleteBase, is_unsure
from mmscaffold.config.evaluate.iterators import CfgIterator
from mmscaffold.config.evaluate.values import (
    BUILTIN,
    BaseVariable,
    FunctionValue,
    LazyName,
    ModuleValue,
    NotEvaluatedError,
)


def is_instance(args: Args) -> bool:
    """``isinstance(...)``."""
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
    return isinstance(value.text if isinstance(value, BaseVariable) else value, known)


def type_of(args: Args) -> FunctionValue:
    """``type(...)`` of one value that is of a type of Python's own."""
    (value,) = args.positional
    name = _NAMES_OF_TYPES.get(type(value))
    if name is None or args.keywords:
        raise NotEvaluatedError("type is not evaluated for this")
    return TYPES[name]


def is_callable(args: Args) -> bool:
    """``callable(...)``."""
    (value,) = args.positional
    if isinstance(value, LazyName):
        raise NotEvaluatedError("whether an imported name can be called")
    return isinstance(value, FunctionValue)


def has_attribute(args: Args) -> bool:
    """``hasattr(...)``."""
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
    return hasattr(value.text if isinstance(value, BaseVariable) else value, name)


def get_attribute(args: Args) -> Any:
    """``getattr(...)`` of a dict of a base."""
    target, name, *default = args.positional
    if not isinstance(target, BaseDict) or not isinstance(name, str) or args.keywords:
        raise NotEvaluatedError("getattr of what is not part of a base")
    if name in BASE_ATTRIBUTES or is_unsure(target, name):
        raise NotEvaluatedError("getattr of what is not part of a base")
    if name not in target:
        if not default:
            raise AttributeError(f"no key {name!r} there")
        return default[0]
    return target[name]


_TYPES: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (bool, dict, float, frozenset, int, list, range, set, str, tuple, type(None))
}
TYPES = {name: FunctionValue(name, BUILTIN) for name in _TYPES}
"""Python's own types, each one object, so that ``type(x) is dict`` may be asked."""

_NAMES_OF_TYPES: dict[type[Any], str] = {
    **{kind: name for name, kind in _TYPES.items()},
    **{CfgDict: "dict", CfgList: "list", CfgTuple: "tuple", CfgSet: "set"},
}

BASE_ATTRIBUTES = frozenset(dir(dict)) | {
    *("_hook", "_to_lazy_dict", "build_lazy", "deepcopy", "freeze", "lazy", "merge", "to_dict"),
    *("scope", "unfreeze", "__parent", "__key", "__frozen", "__dict__", "__getattr__"),
    *("__copy__", "__deepcopy__", "__delattr__", "__missing__", "__add__", "__module__"),
}
"""What mmengine's dicts have as attributes, whatever their keys."""

LAZY_ATTRIBUTES = frozenset(
    {"build", "location", "module", "name", "source", "_imported", "_module"}
)
"""What mmengine's stand-ins for imported names have as attributes (config/lazy.py)."""
