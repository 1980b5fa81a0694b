"""What every kind of expression needs: dispatch, budget, origins, unknowns."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, ClassVar

from mmscaffold.config.evaluate.budget import MAX_STEPS, Budget
from mmscaffold.config.evaluate.values import CfgDict, Slot, Unknown
from mmscaffold.config.text.source import ParsedSource

_REFERENCES = (ast.Name, ast.Attribute, ast.Subscript)


class Evaluation:
    """The state of evaluating one config file.

    Args:
        parsed: The file.
        variables: Its top-level names, filled as statements run.
        budget: The work it may do.

    Attributes:
        made_foreign: Whether a function or module was named, which no config may keep.
        made_unknown: Whether any ``Unknown`` was made, so that it pays to look for one.
        at: The node at work, for messages.
        scopes: The loop variables of comprehensions, outermost first.
        referenced: The slot that the last name, attribute or subscript read.
    """

    _handlers: ClassVar[dict[type[ast.expr], Callable[[Any, Any], Any]]] = {}

    def __init__(self, parsed: ParsedSource, variables: CfgDict, budget: Budget) -> None:
        self.parsed = parsed
        self.variables = variables
        self.budget = budget
        self.made_foreign = False
        self.made_unknown = False
        self.at: ast.expr | ast.stmt | None = None
        self.scopes: list[dict[str, Any]] = []
        self.referenced: Slot | None = None

    def evaluate(self, node: ast.expr) -> Any:
        """The value of ``node``; an ``Unknown`` where only foreign code could tell."""
        budget = self.budget
        budget.steps += 1
        if budget.steps > MAX_STEPS:
            raise budget.too_long()
        handler = self._handlers.get(type(node))
        if handler is None:
            return self.unknown(node, f"{type(node).__name__} is not evaluated in a config")
        return handler(self, node)

    def evaluate_with_slot(self, node: ast.expr) -> tuple[Any, Slot]:
        """The value of ``node``, and the slot that records where it came from."""
        if type(node) is ast.Constant:
            # Most of a config; worth the short cut.
            self.budget.steps += 1
            return node.value, Slot(self.parsed, node)
        if isinstance(node, _REFERENCES):
            self.referenced = None
            value = self.evaluate(node)
            return value, Slot(self.parsed, node, self.referenced)
        return self.evaluate(node), Slot(self.parsed, node)

    def unknown(self, node: ast.expr | ast.stmt, reason: str) -> Unknown:
        """Make an ``Unknown`` that blames ``node``."""
        self.made_unknown = True
        return Unknown(reason, self.parsed.where(node))

    def find_unknown(self, value: Any) -> Unknown | None:
        """The first ``Unknown`` in a value, if there is one."""
        if isinstance(value, Unknown):
            return value
        if not self.made_unknown:
            return None
        if isinstance(value, dict):
            value = value.values()
        elif not isinstance(value, list | tuple):
            return None
        for item in value:
            found = self.find_unknown(item)
            if found:
                return found
        return None

    def sequence(self, nodes: list[ast.expr]) -> tuple[list[Any], list[Slot | None]]:
        """The elements of a list, tuple, set or argument list, and their slots."""
        values: list[Any] = []
        slots: list[Slot | None] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                spread = self.evaluate(node.value)
                if isinstance(spread, Unknown):
                    values.append(spread)
                    slots.append(Slot(self.parsed, node))
                    continue
                known = getattr(spread, "slots", None)
                spread = list(spread)
                self.budget.charge_elements(len(spread))
                values += spread
                slots += known if isinstance(known, list) else [None] * len(spread)
            else:
                value, slot = self.evaluate_with_slot(node)
                values.append(value)
                slots.append(slot)
        return values, slots

    def spread_into(self, result: CfgDict, node: ast.expr, *, once: bool) -> Unknown | None:
        """Add the keys of ``**node`` to a dict; with ``once``, none may be there yet."""
        spread = self.evaluate(node)
        if isinstance(spread, Unknown):
            return spread
        self.at = node
        if not isinstance(spread, CfgDict):
            raise TypeError(f"only a dict can follow **, not {type(spread).__name__}")
        for key, value in spread.items():
            if once and not isinstance(key, str):
                raise TypeError(f"keywords must be strings, not {key!r}")
            if once and key in result:
                raise TypeError(f"dict() got multiple values for keyword argument {key!r}")
            result[key] = value
            if key in spread.slots:
                result.slots[key] = spread.slots[key]
        return None
