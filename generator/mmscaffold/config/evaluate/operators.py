"""Python's operators on config values, each within the work budget."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from mmscaffold.config.evaluate.budget import MANY, Budget, digits_in

_SEQUENCES = (list, tuple, set, frozenset, dict)
_TEXTS = (str, bytes)


def _add(left: Any, right: Any, budget: Budget) -> Any:
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        budget.charge_elements(len(left) + len(right))
    elif isinstance(left, _TEXTS) and isinstance(right, _TEXTS):
        budget.charge_text(len(left) + len(right))
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
    return left * right


def _power(left: Any, right: Any, budget: Budget) -> Any:
    if isinstance(left, int) and isinstance(right, int) and right > 0:
        budget.charge_integer(left.bit_length() * right)
    return left**right


def _shift_left(left: Any, right: Any, budget: Budget) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        budget.charge_integer(left.bit_length() + max(right, 0))
    return left << right


def _modulo(left: Any, right: Any, budget: Budget) -> Any:
    if isinstance(left, _TEXTS):
        # "%1000000000d" asks for a gigabyte of blanks.
        budget.charge_text(digits_in(left) + len(left))
        budget.charge_expanded(right)
        for value in right if isinstance(right, tuple) else (right,):
            if isinstance(value, int) and b"*" in (
                left.encode() if isinstance(left, str) else left
            ):
                budget.charge_text(abs(value))
    return left % right


def _union(left: Any, right: Any, budget: Budget) -> Any:
    if isinstance(left, dict) and isinstance(right, dict):
        budget.charge_elements(len(left) + len(right))
    return left | right


def _plain(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any, Budget], Any]:
    def apply(left: Any, right: Any, budget: Budget) -> Any:
        if isinstance(left, _SEQUENCES):
            budget.charge_elements(len(left))
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
