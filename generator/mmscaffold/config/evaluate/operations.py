"""Operators, comparisons and conditions in a config."""

from __future__ import annotations

import ast
from typing import Any

from mmscaffold.config.evaluate.evaluation import Evaluation, Expressions
from mmscaffold.config.evaluate.operators import BINARY, COMPARE, UNARY
from mmscaffold.config.evaluate.values import Unknown


def _binary(run: Evaluation, node: ast.BinOp) -> Any:
    left = run.evaluate(node.left)
    right = run.evaluate(node.right)
    return operate(run, node, node.op, left, right)


def operate(
    run: Evaluation, node: ast.expr | ast.stmt, op: ast.operator, left: Any, right: Any
) -> Any:
    """Apply a binary operator within the budget."""
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    run.at = node
    function = BINARY.get(type(op))
    if function is None:
        return run.unknown(node, f"operator {type(op).__name__} is not evaluated")
    return function(left, right, run.budget)


def _unary(run: Evaluation, node: ast.UnaryOp) -> Any:
    operand = run.evaluate(node.operand)
    if isinstance(operand, Unknown):
        return operand
    run.at = node
    return UNARY[type(node.op)](operand)


def _boolean(run: Evaluation, node: ast.BoolOp) -> Any:
    wanted = isinstance(node.op, ast.Or)
    value: Any = None
    for operand in node.values:
        value = run.evaluate(operand)
        if isinstance(value, Unknown) or bool(value) is wanted:
            return value
    return value


def _compare(run: Evaluation, node: ast.Compare) -> Any:
    left = run.evaluate(node.left)
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = run.evaluate(right_node)
        unknown = run.find_unknown(left) or run.find_unknown(right)
        if unknown:
            return unknown
        run.at = node
        run.budget.charge_expanded(left)
        if not COMPARE[type(op)](left, right):
            return False
        left = right
    return True


def _conditional(run: Evaluation, node: ast.IfExp) -> Any:
    test = run.evaluate(node.test)
    if isinstance(test, Unknown):
        return test
    return run.evaluate(node.body if test else node.orelse)


def _named(run: Evaluation, node: ast.NamedExpr) -> Any:
    value, origin = run.evaluate_with_origin(node.value)
    run.variables.put(node.target.id, value, origin)
    return value


OPERATIONS: Expressions = {
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.NamedExpr: _named,
    ast.UnaryOp: _unary,
}
