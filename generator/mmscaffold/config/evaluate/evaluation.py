"""The state of evaluating one config, and the dispatch over its nodes.

What each kind of node means stands in the modules beside this one, as functions of an
``Evaluation`` and a node; ``run`` collects them into the two tables used here.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.budget import MAX_STEPS, Budget
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, Recipe
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.text.source import ParsedSource

BASE = "_base_"
REFERENCES = frozenset({ast.Name, ast.Attribute, ast.Subscript})
"""The kinds of expression that may merely name another value."""

Expressions = Mapping[type[ast.expr], Callable[["Evaluation", Any], Any]]
Statements = Mapping[type[ast.stmt], Callable[["Evaluation", Any], None]]


class Evaluation:
    """Evaluates the expressions and runs the statements of one config file.

    Args:
        parsed: The file.
        variables: Its top-level names, filled as statements run.
        expressions: What each kind of expression means.
        statements: What each kind of statement does.
        base: What ``_base_`` reads, if there is such a name.

    Attributes:
        read_base: Whether ``_base_`` was read, so that ``base`` is a copy of the file's own.
        changed: Whether an item was stored or a method called, which may nest containers.
        budget: The work it may do.
        made_foreign: Whether a function or module was named, which no config may keep.
        made_unknown: Whether any ``Unknown`` was made, so that it pays to look for one.
        at: The node at work, for messages.
        statement: The statement at work.
        scopes: The loop variables of comprehensions, outermost first.
        referenced: The origin of what the last name, attribute or subscript read.
        imported: The names that a pure-Python config imports from elsewhere.
    """

    def __init__(
        self,
        parsed: ParsedSource,
        variables: CfgDict,
        expressions: Expressions,
        statements: Statements,
        base: CfgDict | None = None,
    ) -> None:
        self.parsed = parsed
        self.variables = variables
        self.base = base
        self.read_base = False
        self.changed = False
        self.budget = Budget()
        self.made_foreign = False
        self.made_unknown = False
        self.at: ast.expr | ast.stmt | None = None
        self.statement: ast.stmt | None = None
        self.scopes: list[dict[str, Any]] = []
        self.referenced: Origin | None = None
        self.imported: set[str] = set()
        self._expressions = expressions
        self._statements = statements

    def where(self) -> str:
        """The place at work, for messages."""
        node = self.at or self.statement
        return self.parsed.where(node) if node else str(self.parsed.path)

    # Expressions

    def evaluate(self, node: ast.expr) -> Any:
        """The value of ``node``; an ``Unknown`` where only foreign code could tell."""
        budget = self.budget
        budget.steps += 1
        if budget.steps > MAX_STEPS:
            raise budget.too_long()
        meaning = self._expressions.get(type(node))
        if meaning is None:
            return self.unknown(node, f"{type(node).__name__} is not evaluated in a config")
        return meaning(self, node)

    def evaluate_with_origin(self, node: ast.expr) -> tuple[Any, Origin]:
        """The value of ``node``, and where it came from."""
        if type(node) not in REFERENCES:
            return self.evaluate(node), Origin(self.parsed, node)
        self.referenced = None
        value = self.evaluate(node)
        return value, Origin(self.parsed, node, self.referenced)

    def unknown(self, node: ast.expr | ast.stmt, reason: str) -> Unknown:
        """Make an ``Unknown`` that blames ``node``."""
        self.made_unknown = True
        return Unknown(reason, self.parsed.where(node))

    def subscript_key(self, node: ast.expr) -> Any:
        """The index, key or slice between brackets."""
        if not isinstance(node, ast.Slice):
            return self.evaluate(node)
        bounds = [
            self.evaluate(part) if part else None for part in (node.lower, node.upper, node.step)
        ]
        return self.find_unknown(bounds) or slice(*bounds)

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

    def sequence(self, nodes: list[ast.expr]) -> tuple[list[Any], list[Origin | None] | Recipe]:
        """The elements of a list, tuple, set or argument list, and their origins."""
        values: list[Any] = []
        copied: dict[int, Origin] = {}
        budget = self.budget
        for node in nodes:
            kind = type(node)
            if kind is ast.Constant:
                # Most of a config; worth the short cut.
                budget.steps += 1
                values.append(node.value)  # type: ignore[attr-defined]
            elif kind in REFERENCES:
                self.referenced = None
                values.append(self.evaluate(node))
                if self.referenced is not None:
                    copied[len(values) - 1] = self.referenced
            elif kind is ast.Starred:
                return self._sequence_with_spreads(nodes, values, copied)
            else:
                values.append(self.evaluate(node))
        return values, (_element_origins, self.parsed, nodes, copied)

    def _sequence_with_spreads(
        self, nodes: list[ast.expr], values: list[Any], copied: dict[int, Origin]
    ) -> tuple[list[Any], list[Origin | None]]:
        """The rest of a sequence, from its first ``*spread`` on."""
        done = len(values)
        origins = _element_origins(self.parsed, nodes[:done], copied)
        for node in nodes[done:]:
            if not isinstance(node, ast.Starred):
                value, origin = self.evaluate_with_origin(node)
                values.append(value)
                origins.append(origin)
                continue
            spread = self.evaluate(node.value)
            if isinstance(spread, Unknown):
                values.append(spread)
                origins.append(Origin(self.parsed, node))
                continue
            known = getattr(spread, "origins", None)
            spread = list(spread)
            self.budget.charge_elements(len(spread))
            values += spread
            origins += known if isinstance(known, list) else [None] * len(spread)
        return values, origins

    def spread_into(self, result: CfgDict, node: ast.expr, *, once: bool) -> Unknown | None:
        """Add the keys of ``**node`` to a dict; with ``once``, none may be there yet."""
        spread = self.evaluate(node)
        if isinstance(spread, Unknown):
            return spread
        self.at = node
        if not isinstance(spread, CfgDict):
            raise TypeError(f"only a dict can follow **, not {type(spread).__name__}")
        for key in spread if once else ():
            if not isinstance(key, str):
                raise TypeError(f"keywords must be strings, not {key!r}")
            if key in result:
                raise TypeError(f"dict() got multiple values for keyword argument {key!r}")
        result.update(spread)
        return None

    # Statements

    def run(self, body: list[ast.stmt]) -> None:
        """Run statements in order."""
        for statement in body:
            self.statement = statement
            self.at = None
            action = self._statements.get(type(statement))
            if action is None:
                self.give_up_on(statement, f"{type(statement).__name__} is not evaluated")
            else:
                action(self, statement)

    def bind(self, name: str, value: Any, origin: Origin | None) -> None:
        """Give a top-level name a value."""
        if not name or (name == BASE and isinstance(value, Unknown)):
            return
        self.variables.put(name, value, origin)

    def give_up_on(self, statement: ast.stmt, reason: str, blame: Unknown | None = None) -> None:
        """Make every name that ``statement`` may bind or mutate unknown."""
        unknown = blame or self.unknown(statement, reason)
        self.made_unknown = True
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self.bind(node.id, unknown, None)
            elif isinstance(node, ast.Attribute | ast.Subscript):
                # A store through it, or a method call on it, may change what it reads.
                root = root_name(node)
                if root == BASE and not isinstance(node.ctx, ast.Load):
                    raise ConfigError(
                        f"whether _base_ is edited here depends on an unknown: {unknown.reason}"
                    )
                if root and isinstance(self.variables.get(root), CfgDict | CfgList):
                    self.bind(root, unknown, None)


def _element_origins(
    parsed: ParsedSource, nodes: list[ast.expr], copied: dict[int, Origin]
) -> list[Origin | None]:
    """The origins of elements that are each written out."""
    return [Origin(parsed, node, copied.get(index)) for index, node in enumerate(nodes)]


def root_name(node: ast.expr) -> str | None:
    """The name at the bottom of a chain such as ``x.y[0].z``."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
