"""Python's operators on config values, each within the work budget."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

from mmscaffold.config.evaluate.budget import MANY, Budget, digits_in, expanded_size

_SEQUENCES = (list, tuple, set, frozenset, dict)
_TEXTS = (str, bytes)
_UNITED = (dict, set, frozenset)


def _add(left: Any, right: Any, budget: Budget) -> Any:
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        budget.charge_elements(len(left) + len(right))
    elif isinstance(left, _TEXTS) and isinstance(right, _TEXTS):
        budget.charge_text(len(left) + len(right))
    elif isinstance(left, int) and isinstance(right, int):
        budget.charge_integer(max(left.bit_length(), right.bit_length()))
    return left + right


def _multiply(left: Any, right: Any, budget: Budget) -> Any:
    if isinstance(left, int) and not isinstance(right, int | float | complex):
        left, right = right, left
    if isinstance(left, list | tuple):
        if not isinstance(right, int):
            raise TypeError(f"can't multiply sequence by non-int of type {type(right).__name__!r}")
        budget.charge_elements(len(left) * max(right, 0))
        budget.aliases += MANY
    elif isinstance(left, _TEXTS) and isinstance(right, int):
        budget.charge_text(len(left) * max(right, 0))
    elif isinstance(left, int) and isinstance(right, int):
        budget.charge_integer(left.bit_length() + right.bit_length())
        budget.charge_product(left, right)
    return left * right


def _power(left: Any, right: Any, budget: Budget) -> Any:
    if isinstance(left, int) and isinstance(right, int) and right > 0:
        bits = math.ceil(math.log2(abs(left)) * min(right, 10**9)) if left else 0
        budget.charge_integer(bits)
        budget.charge_steps(bits // 1000)
    return left**right


def _shift_left(left: Any, right: Any, budget: Budget) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        budget.charge_integer(left.bit_length() + max(right, 0))
    return left << right


def _modulo(left: Any, right: Any, budget: Budget) -> Any:
    if isinstance(left, _TEXTS):
        _charge_percent(left, right, budget)
    elif isinstance(left, int) and isinstance(right, int):
        budget.charge_product(left, right)
    return left % right


def _charge_percent(template: str | bytes, values: Any, budget: Budget) -> None:
    """Account for a text with values put in: "%1000000000d" asks for a gigabyte of blanks."""
    text = template if isinstance(template, str) else template.decode("latin-1")
    budget.charge_text(digits_in(text) + len(text))
    if isinstance(values, dict):
        # "%(a)s%(a)s" takes the same value again and again.
        budget.charge_expanded(values, text.count("%"))
        return
    for value in values if isinstance(values, tuple) else (values,):
        budget.charge_expanded(value)
        if isinstance(value, int) and "*" in text:
            budget.charge_text(abs(value))


def _union(left: Any, right: Any, budget: Budget) -> Any:
    if isinstance(left, _UNITED) and isinstance(right, _UNITED):
        budget.charge_elements(len(left) + len(right))
    return left | right


def _plain(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any, Budget], Any]:
    def apply(left: Any, right: Any, budget: Budget) -> Any:
        if isinstance(left, _SEQUENCES) and isinstance(right, _SEQUENCES):
            budget.charge_elements(len(left) + len(right))
        elif isinstance(left, int) and isinstance(right, int):
            budget.charge_product(left, right)
        return function(left, right)

    return apply


BINARY: dict[type[ast.operator], Callable[[Any, Any, Budget], Any]] = {
    ast.Add: _add,
    ast.Sub: _plain(operator.sub),
    ast.Mult: _multiply,
    ast.Div: _plain(operator.truediv),
    ast.FloorDiv: _plain(operator.floordiv),
    ast.Mod: _modulo,
    ast.Pow: _power,
    ast.LShift: _shift_left,
    ast.RShift: _plain(operator.rshift),
    ast.BitOr: _union,
    ast.BitXor: _plain(operator.xor),
    ast.BitAnd: _plain(operator.and_),
}

UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
}

COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}


def compare(op: ast.cmpop, left: Any, right: Any, budget: Budget) -> bool:
    """Apply a comparison within the budget."""
    if isinstance(op, ast.In | ast.NotIn):
        budget.charge_key(left)
        if isinstance(right, range) and type(left) is not int:
            # Python goes through it number by number.
            budget.charge_steps(len(right))
        elif isinstance(right, dict | set | frozenset):
            return bool(COMPARE[type(op)](left, right))
        budget.charge_compared(right)
        if isinstance(left, dict | list | tuple) and isinstance(right, list | tuple):
            # Each element may be compared to all of it.
            budget.charge_steps(expanded_size(left, {}) * len(right) // 1024)
    elif not isinstance(op, ast.Is | ast.IsNot):
        budget.charge_compared(left, right)
    return bool(COMPARE[type(op)](left, right))
