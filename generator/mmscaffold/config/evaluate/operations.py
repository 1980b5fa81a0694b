"""Operators, comparisons and conditions in a config."""

from __future__ import annotations

import ast
from typing import Any

from mmscaffold.config.evaluate.asking import TYPES
from mmscaffold.config.evaluate.base_dicts import union_of_bases
from mmscaffold.config.evaluate.containers import BaseDict, CfgSet
from mmscaffold.config.evaluate.evaluation import Evaluation, Expressions
from mmscaffold.config.evaluate.incomplete_base import IncompleteBase
from mmscaffold.config.evaluate.iterators import CfgIterator, View
from mmscaffold.config.evaluate.operators import BINARY, UNARY, compare
from mmscaffold.config.evaluate.values import (
    BaseVariable,
    FunctionValue,
    LazyName,
    ModuleValue,
    Unknown,
)

_IMMUTABLE = (str, bytes, int, float, complex, tuple, frozenset)


def _binary(run: Evaluation, node: ast.BinOp) -> Any:
    left = run.evaluate(node.left)
    right = run.evaluate(node.right)
    return operate(run, node, node.op, left, right)


def operate(
    run: Evaluation, node: ast.expr | ast.stmt, op: ast.operator, left: Any, right: Any
) -> Any:
    """Apply a binary operator within the budget."""
    run.at = node
    if type(left) is BaseVariable or type(right) is BaseVariable:
        return _with_base_variable(run, node, op, left, right)
    unknown = _operand_unknown(run, op, left, right)
    if unknown:
        return run.derived(unknown, left, right)
    function = BINARY.get(type(op))
    if function is None:
        return run.unknown(node, f"operator {type(op).__name__} is not evaluated")
    if type(op) is ast.BitOr and (isinstance(left, BaseDict) or isinstance(right, BaseDict)):
        return union_of_bases(left, right)
    if type(op) is ast.Add and isinstance(left, BaseDict) and not left:
        # addict, below mmengine's dict, lets an empty one be a zero.
        return right
    if isinstance(left, View) or isinstance(right, View):
        left, right = _as_set(left), _as_set(right)
    value = function(left, right, run.budget)
    return CfgSet(value) if type(value) is set else value


def _with_base_variable(
    run: Evaluation, node: ast.expr | ast.stmt, op: ast.operator, left: Any, right: Any
) -> Any:
    """What comes of a text that is not known: an ``Unknown``, or an error if no text can do it."""
    variables = [one for one in (left, right) if type(one) is BaseVariable]
    left, right = (one.text if type(one) is BaseVariable else one for one in (left, right))
    value = operate(run, node, op, left, right)
    return run.derived(run.unknown(node, variables[0].reason), value)


def _as_set(value: Any) -> Any:
    """A view of keys or pairs, as the operators of sets take it."""
    return set(value) if isinstance(value, View | list | tuple) else value


def _operand_unknown(run: Evaluation, op: ast.operator, left: Any, right: Any) -> Unknown | None:
    """What of two operands is not known, but would have to be."""
    for value in (left, right):
        if isinstance(value, Unknown):
            return value
        if isinstance(value, IncompleteBase):
            return value.missing
        if isinstance(value, FunctionValue | ModuleValue | CfgIterator):
            return Unknown("an operation on a function, module or iterator", run.where())
    # '%s' % (unknown,) is the text of what is in the tuple.
    is_text = type(op) is ast.Mod and isinstance(left, str | bytes)
    return run.find_unknown(right) if is_text else None


def _unary(run: Evaluation, node: ast.UnaryOp) -> Any:
    operand = run.evaluate(node.operand)
    if isinstance(operand, Unknown):
        return operand
    run.at = node
    if isinstance(node.op, ast.Not):
        return not operand
    return UNARY[type(node.op)](operand)


def _boolean(run: Evaluation, node: ast.BoolOp) -> Any:
    wanted = isinstance(node.op, ast.Or)
    value: Any = None
    for index, operand in enumerate(node.values):
        value = run.evaluate(operand)
        if isinstance(value, Unknown):
            return run.derived(run.skip(node.values[index + 1 :], value), value)
        if bool(value) is wanted:
            return value
    return value


def _compare(run: Evaluation, node: ast.Compare) -> Any:
    left = run.evaluate(node.left)
    for index, (op, right_node) in enumerate(zip(node.ops, node.comparators, strict=True)):
        right = run.evaluate(right_node)
        run.at = node
        unknown = _comparison_unknown(run, op, left, right)
        if unknown:
            run.skip(node.comparators[index + 1 :], unknown)
            return Unknown(unknown.reason, unknown.where)
        if not compare(op, left, right, run.budget):
            return False
        left = right
    return True


def _comparison_unknown(run: Evaluation, op: ast.cmpop, left: Any, right: Any) -> Unknown | None:
    """What makes the outcome of a comparison unknown, if it is."""
    if _is_type(left) and _is_type(right) and not isinstance(op, ast.In | ast.NotIn):
        return None
    if isinstance(op, ast.Is | ast.IsNot):
        if isinstance(left, bool) and isinstance(right, bool):
            return None
        if isinstance(left, Unknown):
            return left
        if isinstance(right, Unknown):
            return right
        if left is None or right is None:
            return None
        if isinstance(left, FunctionValue | LazyName) or isinstance(right, FunctionValue):
            return Unknown("the identity of a function", run.where())
        if isinstance(left, _IMMUTABLE) and isinstance(right, _IMMUTABLE):
            # Whether two equal ones are one object is up to the interpreter.
            return Unknown("the identity of a constant", run.where())
        return None
    found = run.find_unknown(left)
    if found is None:
        # Whether a dict has a key does not depend on its values.
        keys_only = isinstance(op, ast.In | ast.NotIn) and isinstance(right, dict)
        if keys_only:
            if isinstance(right, IncompleteBase) and right.is_unsure(left):
                return right.missing
            return right if isinstance(right, Unknown) else None
        found = run.find_unknown(right)
    if found is None:
        run.budget.charge_compared(left, right)
    if found is None and _has_name(left) and _has_name(right):
        found = Unknown("whether two imported names are the same", run.where())
    return found


def _is_type(value: Any) -> bool:
    return isinstance(value, FunctionValue) and TYPES.get(value.name) is value


def _has_name(value: Any) -> bool:
    """Whether a value is, or holds, a name that is not imported."""
    if isinstance(value, LazyName):
        return True
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return False
    return any(_has_name(item) for item in value)


def _conditional(run: Evaluation, node: ast.IfExp) -> Any:
    test = run.evaluate(node.test)
    if isinstance(test, Unknown):
        return run.skip([node.body, node.orelse], test)
    return run.evaluate(node.body if test else node.orelse)


def _named(run: Evaluation, node: ast.NamedExpr) -> Any:
    value, origin = run.evaluate_with_origin(node.value)
    run.bind(node.target.id, value, origin)
    return value


OPERATIONS: Expressions = {
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.NamedExpr: _named,
    ast.UnaryOp: _unary,
}
