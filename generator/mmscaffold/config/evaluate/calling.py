"""Calls: ``dict(...)`` above all, and the few other things that may be called."""

from __future__ import annotations

import ast
from typing import Any

from mmscaffold.config.evaluate.arguments import Args
from mmscaffold.config.evaluate.budget import MANY
from mmscaffold.config.evaluate.calls import FUNCTIONS, LIBRARY, METHODS
from mmscaffold.config.evaluate.containers import CfgDict, CfgList
from mmscaffold.config.evaluate.evaluation import REFERENCES, Evaluation, Expressions
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.reading import read_attribute, read_name
from mmscaffold.config.evaluate.values import FunctionValue, ModuleValue, Unknown
from mmscaffold.config.text.source import ParsedSource

_STORING_METHODS = {"append", "extend", "insert", "setdefault", "update"}


def _call(run: Evaluation, node: ast.Call) -> Any:
    function = node.func
    if isinstance(function, ast.Name):
        if function.id == "dict" and not node.args and "dict" not in run.variables:
            return _dict_call(run, node)
        target = read_name(run, function)
    elif isinstance(function, ast.Attribute):
        receiver = run.evaluate(function.value)
        method = METHODS.get(type(receiver), {}).get(function.attr)
        if method is not None:
            args = _arguments(run, node)
            if isinstance(args, Unknown):
                return args
            run.at = node
            run.changed = True
            run.budget.aliases += MANY
            return method(receiver, args)
        target = read_attribute(run, function, receiver, function.attr)
    else:
        target = run.evaluate(function)
    if isinstance(target, Unknown):
        return target
    args = _arguments(run, node)
    if isinstance(args, Unknown):
        return args
    run.at = node
    if isinstance(target, FunctionValue):
        call = FUNCTIONS.get(target.name) or LIBRARY.get(target.name)
        if call is not None:
            return call(args)
        return run.unknown(node, target.reason)
    raise TypeError(f"a {type(target).__name__} is not callable")


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
    return _keywords(run, node.keywords[done:], result) or result


def _keywords(run: Evaluation, keywords: list[ast.keyword], result: CfgDict) -> Unknown | None:
    """Add keyword arguments to a dict, in order."""
    for keyword in keywords:
        name = keyword.arg
        if name is None:
            unknown = run.spread_into(result, keyword.value, once=True)
            if unknown:
                return unknown
            continue
        if name in result:
            run.at = keyword.value
            raise TypeError(f"dict() got multiple values for keyword argument {name!r}")
        result.put(name, *run.evaluate_with_origin(keyword.value))
    return None


def _keyword_origins(
    parsed: ParsedSource, keywords: list[ast.keyword], copied: dict[str, Origin]
) -> dict[str, Origin]:
    """The origins of keyword arguments that are each written out."""
    return {
        keyword.arg: Origin(parsed, keyword.value, copied.get(keyword.arg))
        for keyword in keywords
        if keyword.arg is not None
    }


def _arguments(run: Evaluation, node: ast.Call) -> Args | Unknown:
    positional = CfgList(*run.sequence(node.args))
    keywords = CfgDict()
    unknown = _keywords(run, node.keywords, keywords)
    if unknown:
        return unknown
    origins: dict[Any, Origin] = {
        index: origin for index, origin in enumerate(positional.origins) if origin is not None
    }
    origins.update(keywords.origins)
    storing = isinstance(node.func, ast.Attribute) and node.func.attr in _STORING_METHODS
    for value in (*positional, *keywords.values()):
        if isinstance(value, FunctionValue | ModuleValue):
            return run.unknown(node, "a function or module is passed as an argument")
        found = None if storing else run.find_unknown(value)
        if found and not (isinstance(node.func, ast.Name) and node.func.id == "dict"):
            return found
    return Args(list(positional), keywords, origins, run.budget)


CALLING: Expressions = {ast.Call: _call}
