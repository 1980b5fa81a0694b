"""Constants, displays and f-strings: the expressions that make a value."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgSet, CfgTuple
from mmscaffold.config.evaluate.evaluation import Evaluation, Expressions
from mmscaffold.config.evaluate.functions import define
from mmscaffold.config.evaluate.iterators import CfgIterator
from mmscaffold.config.evaluate.values import BaseVariable, ConfigFunction, Unknown
from mmscaffold.config.text.placeholders import PlaceholderNode, base_variable, why_not_replaced

_CONVERSIONS: dict[int, Callable[[Any], str]] = {ord("s"): str, ord("r"): repr, ord("a"): ascii}


def _constant(_: Evaluation, node: ast.Constant) -> Any:
    return node.value


def _placeholder(run: Evaluation, node: PlaceholderNode) -> BaseVariable | Unknown:
    run.made_unknown = True
    value = str(node.value)
    reason = why_not_replaced(value)
    if reason is not None:
        return run.unknown(node, reason)
    return BaseVariable(base_variable(value) or "")


def _list(run: Evaluation, node: ast.List) -> Any:
    values, origins = run.sequence(node.elts)
    return values if isinstance(values, Unknown) else CfgList(values, origins)


def _tuple(run: Evaluation, node: ast.Tuple) -> Any:
    values, origins = run.sequence(node.elts)
    return values if isinstance(values, Unknown) else CfgTuple.make(values, origins)


def _set(run: Evaluation, node: ast.Set) -> Any:
    values, _ = run.sequence(node.elts)
    run.at = node
    run.budget.charge_compared(values)
    return run.find_unknown(values) or CfgSet(values)


def _dict(run: Evaluation, node: ast.Dict) -> Any:
    result = CfgDict()
    unknown: Unknown | None = None
    held: list[Any] = []
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        if key_node is None:
            unknown = run.spread_into(result, value_node, once=False) or unknown
            continue
        key = run.evaluate(key_node)
        unknown = unknown or run.find_unknown(key)
        value, origin = run.evaluate_with_origin(value_node)
        held.append(value)
        run.at = key_node
        if unknown is None:
            run.budget.charge_key(key)
            result.put(key, value, origin)
    return run.derived(unknown, result, *held) if unknown else result


def _joined_string(run: Evaluation, node: ast.JoinedStr) -> Any:
    parts: list[str] = []
    unknown: Unknown | None = None
    for part in node.values:
        value = run.evaluate(part)
        if isinstance(value, Unknown):
            unknown = unknown or value
        else:
            parts.append(value)
    run.budget.charge_text(sum(map(len, parts)))
    return unknown or "".join(parts)


def _formatted_value(run: Evaluation, node: ast.FormattedValue) -> Any:
    value = run.evaluate(node.value)
    spec = run.evaluate(node.format_spec) if node.format_spec else ""
    run.at = node.value
    unknown = run.find_unknown(value) or run.find_unknown(spec)
    if unknown:
        return unknown
    if isinstance(value, CfgIterator):
        return run.unknown(node.value, "the text of an iterator is not known")
    run.budget.charge_expanded(value)
    run.budget.charge_format(spec)
    if node.conversion in _CONVERSIONS:
        value = _CONVERSIONS[node.conversion](value)
    return format(value, spec)


def _starred(run: Evaluation, node: ast.Starred) -> None:
    run.at = node
    raise ConfigError("a starred expression cannot stand here")


def _lambda(run: Evaluation, node: ast.Lambda) -> ConfigFunction:
    return define(run, node)


LITERALS: Expressions = {
    ast.Constant: _constant,
    ast.Dict: _dict,
    ast.FormattedValue: _formatted_value,
    ast.JoinedStr: _joined_string,
    ast.Lambda: _lambda,
    ast.List: _list,
    ast.Set: _set,
    ast.Starred: _starred,
    ast.Tuple: _tuple,
    PlaceholderNode: _placeholder,
}
