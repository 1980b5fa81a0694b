"""Constants, displays and f-strings: the expressions that make a value."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple
from mmscaffold.config.evaluate.evaluation import Evaluation, Expressions
from mmscaffold.config.evaluate.values import FunctionValue, ModuleValue, Unknown

_CONVERSIONS: dict[int, Callable[[Any], str]] = {ord("s"): str, ord("r"): repr, ord("a"): ascii}


def _constant(_: Evaluation, node: ast.Constant) -> Any:
    return node.value


def _list(run: Evaluation, node: ast.List) -> CfgList:
    return CfgList(*run.sequence(node.elts))


def _tuple(run: Evaluation, node: ast.Tuple) -> CfgTuple:
    return CfgTuple.make(*run.sequence(node.elts))


def _set(run: Evaluation, node: ast.Set) -> Any:
    values, _ = run.sequence(node.elts)
    run.at = node
    return run.find_unknown(values) or set(values)


def _dict(run: Evaluation, node: ast.Dict) -> Any:
    result = CfgDict()
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        if key_node is None:
            unknown = run.spread_into(result, value_node, once=False)
            if unknown:
                return unknown
            continue
        key = run.evaluate(key_node)
        if isinstance(key, Unknown):
            return key
        value, origin = run.evaluate_with_origin(value_node)
        run.at = key_node
        result.put(key, value, origin)
    return result


def _joined_string(run: Evaluation, node: ast.JoinedStr) -> Any:
    parts: list[str] = []
    for part in node.values:
        value = run.evaluate(part)
        if isinstance(value, Unknown):
            return value
        parts.append(value)
    return "".join(parts)


def _formatted_value(run: Evaluation, node: ast.FormattedValue) -> Any:
    value = run.evaluate(node.value)
    spec = run.evaluate(node.format_spec) if node.format_spec else ""
    run.at = node.value
    unknown = run.find_unknown(value) or run.find_unknown(spec)
    if unknown:
        return unknown
    if isinstance(value, FunctionValue | ModuleValue):
        return run.unknown(node.value, "the text of a function or module is not known")
    run.budget.charge_expanded(value)
    run.budget.charge_format(spec)
    if node.conversion in _CONVERSIONS:
        value = _CONVERSIONS[node.conversion](value)
    return format(value, spec)


def _lambda(run: Evaluation, _: ast.Lambda) -> FunctionValue:
    run.made_foreign = True
    return FunctionValue("<lambda>", "a function of the config is not called")


LITERALS: Expressions = {
    ast.Constant: _constant,
    ast.Dict: _dict,
    ast.FormattedValue: _formatted_value,
    ast.JoinedStr: _joined_string,
    ast.Lambda: _lambda,
    ast.List: _list,
    ast.Set: _set,
    ast.Tuple: _tuple,
}
