"""Evaluate the expressions of a config, without Python's ``eval``."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, ClassVar

from mmscaffold.config.evaluate.access import Access
from mmscaffold.config.evaluate.comprehensions import Comprehensions
from mmscaffold.config.evaluate.operators import BINARY, COMPARE, UNARY, check_format_width
from mmscaffold.config.evaluate.values import (
    CfgDict,
    CfgList,
    CfgTuple,
    FunctionValue,
    ModuleValue,
    Unknown,
)

_CONVERSIONS: dict[int, Callable[[Any], str]] = {ord("s"): str, ord("r"): repr, ord("a"): ascii}


class Expressions(Access, Comprehensions):
    """Evaluates expression nodes against the variables of one config file."""

    def _constant(self, node: ast.Constant) -> Any:
        return node.value

    def _list(self, node: ast.List) -> CfgList:
        return CfgList(*self.sequence(node.elts))

    def _tuple(self, node: ast.Tuple) -> CfgTuple:
        return CfgTuple.make(*self.sequence(node.elts))

    def _set(self, node: ast.Set) -> Any:
        values, _ = self.sequence(node.elts)
        self.at = node
        return self.find_unknown(values) or set(values)

    def _dict(self, node: ast.Dict) -> Any:
        result = CfgDict()
        for key_node, value_node in zip(node.keys, node.values, strict=True):
            if key_node is None:
                unknown = self.spread_into(result, value_node, once=False)
                if unknown:
                    return unknown
                continue
            key = self.evaluate(key_node)
            if isinstance(key, Unknown):
                return key
            value, slot = self.evaluate_with_slot(value_node)
            self.at = key_node
            result[key] = value
            result.slots[key] = slot
        return result

    def _joined_string(self, node: ast.JoinedStr) -> Any:
        parts: list[str] = []
        for part in node.values:
            value = self.evaluate(part)
            if isinstance(value, Unknown):
                return value
            parts.append(value)
        return "".join(parts)

    def _formatted_value(self, node: ast.FormattedValue) -> Any:
        value = self.evaluate(node.value)
        spec = self.evaluate(node.format_spec) if node.format_spec else ""
        self.at = node.value
        unknown = self.find_unknown(value) or self.find_unknown(spec)
        if unknown:
            return unknown
        if isinstance(value, FunctionValue | ModuleValue):
            return self.unknown(node.value, "the text of a function or module is not known")
        self.budget.charge_expanded(value)
        check_format_width(spec, self.budget)
        if node.conversion in _CONVERSIONS:
            value = _CONVERSIONS[node.conversion](value)
        return format(value, spec)

    def _binary(self, node: ast.BinOp) -> Any:
        left = self.evaluate(node.left)
        right = self.evaluate(node.right)
        return self.operate(node, node.op, left, right)

    def operate(self, node: ast.expr | ast.stmt, op: ast.operator, left: Any, right: Any) -> Any:
        """Apply a binary operator within the budget."""
        if isinstance(left, Unknown):
            return left
        if isinstance(right, Unknown):
            return right
        self.at = node
        function = BINARY.get(type(op))
        if function is None:
            return self.unknown(node, f"operator {type(op).__name__} is not evaluated")
        return function(left, right, self.budget)

    def _unary(self, node: ast.UnaryOp) -> Any:
        operand = self.evaluate(node.operand)
        if isinstance(operand, Unknown):
            return operand
        self.at = node
        return UNARY[type(node.op)](operand)

    def _boolean(self, node: ast.BoolOp) -> Any:
        wanted = isinstance(node.op, ast.Or)
        value: Any = None
        for operand in node.values:
            value = self.evaluate(operand)
            if isinstance(value, Unknown) or bool(value) is wanted:
                return value
        return value

    def _compare(self, node: ast.Compare) -> Any:
        left = self.evaluate(node.left)
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(right_node)
            unknown = self.find_unknown(left) or self.find_unknown(right)
            if unknown:
                return unknown
            self.at = node
            self.budget.charge_expanded(left)
            if not COMPARE[type(op)](left, right):
                return False
            left = right
        return True

    def _conditional(self, node: ast.IfExp) -> Any:
        test = self.evaluate(node.test)
        if isinstance(test, Unknown):
            return test
        return self.evaluate(node.body if test else node.orelse)

    def _named(self, node: ast.NamedExpr) -> Any:
        value, slot = self.evaluate_with_slot(node.value)
        self.variables[node.target.id] = value
        self.variables.slots[node.target.id] = slot
        return value

    def _lambda(self, _: ast.Lambda) -> FunctionValue:
        self.made_foreign = True
        return FunctionValue("<lambda>", "a function of the config is not called")

    _handlers: ClassVar[dict[type[ast.expr], Callable[[Any, Any], Any]]] = {
        ast.Attribute: Access._attribute,
        ast.BinOp: _binary,
        ast.BoolOp: _boolean,
        ast.Call: Access._call,
        ast.Compare: _compare,
        ast.Constant: _constant,
        ast.Dict: _dict,
        ast.DictComp: Comprehensions._dict_comprehension,
        ast.FormattedValue: _formatted_value,
        ast.GeneratorExp: Comprehensions._list_comprehension,
        ast.IfExp: _conditional,
        ast.JoinedStr: _joined_string,
        ast.Lambda: _lambda,
        ast.List: _list,
        ast.ListComp: Comprehensions._list_comprehension,
        ast.Name: Access._name,
        ast.NamedExpr: _named,
        ast.Set: _set,
        ast.SetComp: Comprehensions._set_comprehension,
        ast.Subscript: Access._subscript,
        ast.Tuple: _tuple,
        ast.UnaryOp: _unary,
    }
