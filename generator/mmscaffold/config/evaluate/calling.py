"""Calls: ``dict(...)`` above all, and the few other things that may be called."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.arguments import Args
from mmscaffold.config.evaluate.assignments import delete_item, store_item
from mmscaffold.config.evaluate.budget import MANY
from mmscaffold.config.evaluate.calls import AS_STATEMENTS, FUNCTIONS, READ_LATER, SHALLOW
from mmscaffold.config.evaluate.container_methods import METHODS, UNBOUND
from mmscaffold.config.evaluate.containers import BaseDict, CfgDict, CfgList
from mmscaffold.config.evaluate.evaluation import REFERENCES, Evaluation, Expressions
from mmscaffold.config.evaluate.foreign import call_foreign
from mmscaffold.config.evaluate.functions import as_key, call_function
from mmscaffold.config.evaluate.incomplete_base import IncompleteBase
from mmscaffold.config.evaluate.iterators import CfgIterator, is_unordered
from mmscaffold.config.evaluate.library import LIBRARY
from mmscaffold.config.evaluate.methods import call_method
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.reading import read_attribute, read_name
from mmscaffold.config.evaluate.values import (
    BUILTIN,
    BaseVariable,
    ConfigFunction,
    FunctionValue,
    LazyName,
    NotEvaluatedError,
    Unknown,
)
from mmscaffold.config.text.source import ParsedSource


def _call(run: Evaluation, node: ast.Call) -> Any:
    function = node.func
    receiver: Any = None
    if isinstance(function, ast.Name):
        if function.id == "dict" and not node.args and _is_builtin_dict(run):
            return _dict_call(run, node)
        target = read_name(run, function)
    elif isinstance(function, ast.Attribute):
        receiver = run.evaluate(function.value)
        if function.attr in METHODS.get(type(receiver), {}):
            args = _arguments(run, node)
            run.at = node
            if isinstance(receiver, Unknown):
                # An argument has changed it, in a way that is not known.
                return call_foreign(run, node, receiver, receiver, args)
            run.changed = True
            run.budget.aliases += MANY
            run.budget.charge_call(function.attr, receiver, args.positional)
            return call_method(run, node, receiver, function.attr, args)
        target = read_attribute(run, function, receiver, function.attr)
    else:
        target = run.evaluate(function)
    args = _arguments(run, node)
    run.at = node
    if isinstance(target, Unknown):
        return call_foreign(run, node, target, receiver, args)
    if isinstance(target, ConfigFunction):
        if args.unknown:
            return call_foreign(run, node, run.derived(args.unknown, target), None, args)
        run.changed = True
        run.budget.aliases += MANY
        return call_function(run, target, args, node)
    if isinstance(target, FunctionValue):
        return _builtin(run, node, target, args)
    if isinstance(target, LazyName):
        raise TypeError(f"{target} is imported by name only, and cannot be called in a config")
    raise TypeError(f"a {type(target).__name__} is not callable")


def _is_builtin_dict(run: Evaluation) -> bool:
    if "dict" in run.variables or run.opened:
        return False
    return not run.scopes or run.peek("dict") is None


def _builtin(run: Evaluation, node: ast.Call, target: FunctionValue, args: Args) -> Any:
    """Call a builtin, or a function of the standard library."""
    if target.name in AS_STATEMENTS and target.reason == BUILTIN:
        return _change_attribute(run, node, target.name, args)
    call = FUNCTIONS.get(target.name) or LIBRARY.get(target.name)
    kind, _, method = target.name.partition(".")
    if call is None and kind in UNBOUND and target.reason == BUILTIN:
        return _unbound_method(run, node, kind, method, args)
    if target.name in READ_LATER and _may_be_read_later(args):
        return _lazily(run, node, target.name, args)
    if call is None:
        return call_foreign(run, node, run.unknown(node, target.reason), None, args)
    unknown = args.unknown or _hindrance(run, target.name, args)
    if unknown is None:
        function = args.keywords.get("key")
        as_key(run, args)
        run.budget.charge_call(target.name, None, args.positional)
        try:
            value = call(args)
        except NotEvaluatedError as error:
            unknown = run.unknown(node, str(error))
            if function is not None:
                args.keywords["key"] = function
        else:
            run.made_unknown |= isinstance(value, Unknown)
            return value
    return call_foreign(run, node, run.harmless(unknown), None, args)


def _change_attribute(run: Evaluation, node: ast.Call, name: str, args: Args) -> None:
    """``setattr(...)`` and ``delattr(...)``, as the statements that they stand for."""
    values = args.positional
    count = 3 if name == "setattr" else 2
    attribute = values[1] if len(values) == count else None
    if args.unknown or args.keywords or not isinstance(attribute, str):
        # Or an error; whatever it is given may be changed.
        call_foreign(run, node, run.unknown(node, f"{name} of what is not known"), None, args)
    elif name == "setattr":
        target = ast.copy_location(ast.Attribute(node.func, attribute, ast.Store()), node)
        store_item(run, target, values[0], attribute, values[2], args.origins.get(2))
    else:
        target = ast.copy_location(ast.Attribute(node.func, attribute, ast.Del()), node)
        delete_item(run, target, values[0], attribute)


def _may_be_read_later(args: Args) -> bool:
    values = args.positional[1:]
    if args.unknown or args.keywords or not values:
        return False
    unknown = any(isinstance(value, Unknown | IncompleteBase) for value in values)
    return not unknown and not any(map(is_unordered, values))


def _lazily(run: Evaluation, node: ast.Call, name: str, args: Args) -> CfgIterator:
    """``map(...)`` and ``filter(...)``, which call their function when they are read."""
    function, *values = args.positional
    if name == "filter" and len(values) != 1:
        raise TypeError("filter() takes a function and one iterable")
    run.changed = True
    run.budget.aliases += MANY
    groups = zip(*[iter(value) for value in values], strict=False)

    def called(group: tuple[Any, ...]) -> Any:
        run.charge_steps(1)
        if function is None and name == "filter":
            value = group[0]
        else:
            given = Args(list(group), {}, {}, run.budget, None, run.find_unknown)
            value = _called(run, node, function, given)
        found = run.find_unknown(value)
        if found:
            raise NotEvaluatedError(found.reason)
        return value

    items: Iterator[Any] = map(called, groups)
    if name == "filter":
        items = (group[0] for group in groups if called(group))
    return CfgIterator(items, tuple(values), function)


def _called(run: Evaluation, node: ast.Call, function: Any, args: Args) -> Any:
    """The result of a function that a builtin calls."""
    if isinstance(function, ConfigFunction):
        return call_function(run, function, args, node)
    if isinstance(function, FunctionValue):
        return _builtin(run, node, function, args)
    if isinstance(function, Unknown):
        return call_foreign(run, node, function, None, args)
    raise TypeError(f"a {type(function).__name__} is not callable")


_OF_TYPES = {"dict": dict, "list": list, "set": set, "str": str, "tuple": tuple}


def _unbound_method(run: Evaluation, node: ast.Call, kind: str, name: str, args: Args) -> Any:
    """``dict.update(d, a=1)``: a method of a type of Python's own."""
    receiver = args.positional[0] if args.positional else None
    # mmengine's dicts have methods of their own; Python's do something else to them.
    foreign = isinstance(receiver, BaseDict | Unknown | LazyName | FunctionValue)
    if args.unknown or not args.positional or foreign:
        unknown = run.unknown(node, f"{kind}.{name} of this is not evaluated")
        return call_foreign(run, node, unknown, None, args)
    if not isinstance(receiver, _OF_TYPES[kind]):
        raise TypeError(f"{kind}.{name}() is not for a {type(receiver).__name__}")
    run.changed = True
    run.budget.aliases += MANY
    run.budget.charge_call(name, receiver, args.positional[1:])
    origins = {
        key - 1 if isinstance(key, int) else key: origin for key, origin in args.origins.items()
    }
    rest = Args(args.positional[1:], args.keywords, origins, run.budget, None, run.find_unknown)
    return call_method(run, node, receiver, name, rest)


_ASKING = frozenset({"callable", "getattr", "hasattr", "isinstance"})
"""Builtins that do not depend on which keys a base has that is not there."""


def _hindrance(run: Evaluation, name: str, args: Args) -> Unknown | None:
    """What a builtin would have to know of its arguments, but cannot."""
    values = [*args.positional, *args.keywords.values()]
    for index, value in enumerate(values):
        if type(value) is BaseVariable and name not in _ASKING and index < len(args.positional):
            return run.find_unknown(value)
        if isinstance(value, Unknown):
            # An argument of dict(...) by keyword is only stored.
            if name != "dict" or index < len(args.positional):
                return value
        elif isinstance(value, IncompleteBase) and name not in _ASKING:
            return value.missing
        elif name in SHALLOW:
            continue
        elif name == "dict":
            if index < len(args.positional) and not isinstance(value, CfgDict):
                found = run.find_unknown(value)
                if found:
                    return found
        elif index < len(args.positional):
            found = run.find_unknown(value)
            if found:
                return found
    return None


def _dict_call(run: Evaluation, node: ast.Call) -> Any:
    values: dict[str, Any] = {}
    copied: dict[str, Origin] = {}
    budget = run.budget
    for keyword in node.keywords:
        name = keyword.arg
        written = keyword.value
        kind = type(written)
        if name is None:
            return _dict_call_with_spreads(run, node, values, copied)
        if name in values:
            run.at = written
            raise TypeError(f"dict() got multiple values for keyword argument {name!r}")
        if kind is ast.Constant:
            # Most of a config; worth the short cut.
            budget.steps += 1
            values[name] = written.value  # type: ignore[attr-defined]
        elif kind in REFERENCES:
            run.referenced = None
            values[name] = run.evaluate(written)
            if run.referenced is not None:
                copied[name] = run.referenced
        else:
            values[name] = run.evaluate(written)
    return CfgDict.make(values, (_keyword_origins, run.parsed, node.keywords, copied))


def _dict_call_with_spreads(
    run: Evaluation, node: ast.Call, values: dict[str, Any], copied: dict[str, Origin]
) -> Any:
    """The rest of a ``dict(...)``, from its first ``**spread`` on."""
    done = len(values)
    origins = _keyword_origins(run.parsed, node.keywords[:done], copied)
    result = CfgDict.make(values, origins)
    unknown = _keywords(run, node.keywords[done:], result)
    return run.derived(unknown, *result.values()) if unknown else result


def _keywords(run: Evaluation, keywords: list[ast.keyword], result: CfgDict) -> Unknown | None:
    """Add keyword arguments to a dict, in order."""
    unknown = None
    for keyword in keywords:
        name = keyword.arg
        if name is None:
            unknown = run.spread_into(result, keyword.value, once=True) or unknown
            continue
        if name in result:
            run.at = keyword.value
            raise TypeError(f"dict() got multiple values for keyword argument {name!r}")
        result.put(name, *run.evaluate_with_origin(keyword.value))
    return unknown


def _keyword_origins(
    parsed: ParsedSource, keywords: list[ast.keyword], copied: dict[str, Origin]
) -> dict[str, Origin]:
    """The origins of keyword arguments that are each written out."""
    return {
        keyword.arg: Origin(parsed, keyword.value, copied.get(keyword.arg))
        for keyword in keywords
        if keyword.arg is not None
    }


def _arguments(run: Evaluation, node: ast.Call) -> Args:
    """The arguments of a call; they are evaluated whatever is called."""
    unknown: Unknown | None = None
    origins: dict[Any, Origin] = {}
    arguments = node.args
    if len(arguments) == 1 and isinstance(arguments[0], ast.GeneratorExp):
        run.is_argument = True
        try:
            values: Any = [run.evaluate(arguments[0])]
        finally:
            run.is_argument = False
    else:
        values, made = run.sequence(arguments)
        if isinstance(values, Unknown):
            unknown, values = values, [values]
        elif values:
            known = CfgList(values, made).origins
            origins = {i: origin for i, origin in enumerate(known) if origin is not None}
    keywords = CfgDict()
    if node.keywords:
        unknown = _keywords(run, node.keywords, keywords) or unknown
        origins.update(keywords.origins)
    return Args(values, keywords, origins, run.budget, unknown, run.find_unknown)


CALLING: Expressions = {ast.Call: _call}
