"""The state of evaluating one config, and the dispatch over its nodes.

What each kind of node means stands in the modules beside this one, as functions of an
``Evaluation`` and a node; ``run`` collects them into the two tables used here.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mmscaffold.config.evaluate.budget import MANY, MAX_STEPS, Budget
from mmscaffold.config.evaluate.containers import CfgDict, Recipe
from mmscaffold.config.evaluate.copies import detached
from mmscaffold.config.evaluate.forgetting import forget_lurking, give_up
from mmscaffold.config.evaluate.frames import Frame
from mmscaffold.config.evaluate.incomplete_base import IncompleteBase
from mmscaffold.config.evaluate.iterators import CfgIterator, View, yielded
from mmscaffold.config.evaluate.leaving import GiveUpError
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.scan import names_in
from mmscaffold.config.evaluate.values import (
    LEAVES,
    BaseVariable,
    ConfigFunction,
    FunctionValue,
    Harmless,
    ModuleValue,
    NotEvaluatedError,
    Unknown,
)
from mmscaffold.config.text.source import ParsedSource

BASE = "_base_"
REFERENCES = frozenset({ast.Name, ast.Attribute, ast.Subscript})
"""The kinds of expression that may merely name another value."""

CONFIG_FAULTS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NameError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What Python itself raises where a config is wrong; each becomes one ``ConfigError``."""

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
        scopes: The names of functions and comprehensions around, outermost first.
        calls: The calls at work, outermost first.
        forgot: Whether any container was forgotten.
        escaped: Containers that foreign code may still hold, by ``id``.
        lurking: Functions that foreign code may call at any time, by ``id``.
        is_argument: Whether the expression at work is an argument that its call reads at once.
        lazy_annotations: Whether annotations are not evaluated.
        unknowns_made: How many ``Unknown`` were made here.
        opened: Why any name may have been set, if code was not evaluated that could.
        forgetting_all: Whether all is just being forgotten.
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
        self.calls: list[Frame] = []
        self.forgot = False
        self.escaped: dict[int, Any] = {}
        self.lurking: dict[int, ConfigFunction] = {}
        self.unknowns_made = 0
        self.is_argument = False
        self.lazy_annotations = False
        self.opened: Unknown | None = None
        self.forgetting_all = False
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
        self.unknowns_made += 1
        return Unknown(reason, self.parsed.where(node))

    def subscript_key(self, node: ast.expr) -> Any:
        """The index, key or slice between brackets."""
        if not isinstance(node, ast.Slice):
            return self.evaluate(node)
        bounds = [
            self.evaluate(part) if part else None for part in (node.lower, node.upper, node.step)
        ]
        return self.find_unknown(bounds) or slice(*bounds)

    def harmless(self, unknown: Unknown) -> Harmless:
        """The same, as what a builtin yields that changes none of its arguments."""
        self.made_unknown = True
        return Harmless(unknown.reason, unknown.where, unknown.reach)

    def derived(self, unknown: Unknown, *values: Any) -> Unknown:
        """An ``Unknown`` that may be, or hold, some values."""
        reach = tuple(value for value in values if type(value) not in LEAVES)
        if not reach:
            return unknown
        return Unknown(unknown.reason, unknown.where, (unknown, *reach))

    def find_unknown(self, value: Any) -> Unknown | None:
        """The first thing in a value that is not known, if there is one."""
        if isinstance(value, Unknown):
            return value
        if type(value) in LEAVES or not (self.made_unknown or self.made_foreign):
            return None
        stack = yielded(value) if isinstance(value, CfgIterator) else [value]
        seen: set[int] = set()
        while stack:
            item = stack.pop()
            kind = type(item)
            if kind in LEAVES:
                continue
            if isinstance(item, Unknown):
                return item
            if isinstance(item, IncompleteBase):
                return item.missing
            if kind is BaseVariable:
                return self._opaque(item.reason)
            if isinstance(item, FunctionValue | ModuleValue):
                return self._opaque("a function or module is not a plain value")
            if isinstance(item, dict):
                inner: Any = item.values()
            elif isinstance(item, list | tuple):
                inner = item
            elif kind is CfgIterator:
                return self._opaque("what an iterator yields is not known")
            elif kind is View:
                inner = (item.of,)
            else:
                continue
            if id(item) not in seen:
                seen.add(id(item))
                self.charge_steps(1 + len(inner) // 16)
                stack.extend(inner)
        return None

    def _opaque(self, reason: str) -> Unknown:
        self.unknowns_made += 1
        return Unknown(reason, self.where())

    def iterable(self, value: Any) -> Any:
        """What is gone through of a value: an ``Unknown`` where not all of it is known."""
        if isinstance(value, IncompleteBase):
            return value.missing
        return self._opaque(value.reason) if type(value) is BaseVariable else value

    def charge_steps(self, count: int) -> None:
        """Account for work that is not the evaluation of one node."""
        self.budget.steps += count
        if self.budget.steps > MAX_STEPS:
            raise self.budget.too_long()

    def sequence(self, nodes: list[ast.expr]) -> tuple[Any, list[Origin | None] | Recipe]:
        """The elements of a list, tuple, set or argument list, and their origins.

        Where their number is not known, an ``Unknown`` stands for them.
        """
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
    ) -> tuple[Any, list[Origin | None]]:
        """The rest of a sequence, from its first ``*spread`` on."""
        done = len(values)
        origins = _element_origins(self.parsed, nodes[:done], copied)
        unknown = None
        for node in nodes[done:]:
            if not isinstance(node, ast.Starred):
                value, origin = self.evaluate_with_origin(node)
                values.append(value)
                origins.append(origin)
                continue
            spread = self.evaluate(node.value)
            spread = self.iterable(spread)
            if isinstance(spread, Unknown):
                unknown = unknown or spread
                values.append(spread)
                origins.append(None)
                continue
            known = getattr(spread, "origins", None)
            spread = list(spread)
            self.budget.charge_elements(len(spread))
            values += spread
            origins += known if isinstance(known, list) else [None] * len(spread)
        if unknown:
            # How many there are is not known, nor at which index each stands.
            return self.derived(unknown, *values), origins
        return values, origins

    def spread_into(self, result: CfgDict, node: ast.expr, *, once: bool) -> Unknown | None:
        """Add the keys of ``**node`` to a dict; with ``once``, none may be there yet."""
        spread = self.evaluate(node)
        if isinstance(spread, IncompleteBase):
            spread = spread.missing
        if isinstance(spread, Unknown):
            return self.derived(spread, *result.values())
        self.at = node
        if not isinstance(spread, CfgDict):
            raise TypeError(f"only a dict can follow **, not {type(spread).__name__}")
        self.budget.charge_elements(len(spread))
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
        self.budget.charge_steps(len(body))
        for statement in body:
            self.statement = statement
            self.at = None
            if self.lurking:
                forget_lurking(self)
            action = self._statements.get(type(statement))
            if action is None:
                self.give_up_on(statement, f"{type(statement).__name__} is not evaluated")
                continue
            scopes = self.scopes
            try:
                action(self, statement)
            except NotEvaluatedError as error:
                # What is read here calls a function whose result is not known.
                self.scopes, self.statement = scopes, statement
                self.give_up_on(statement, str(error))

    def bind(self, name: str, value: Any, origin: Origin | None) -> None:
        """Give a name a value, in the scope that it belongs to."""
        if not name or (name == BASE and isinstance(value, Unknown)):
            return
        if self.scopes:
            self.bind_outer(name, value, self.scopes, origin)
        else:
            self.variables.put(name, value, origin)

    def bind_outer(
        self,
        name: str,
        value: Any,
        scopes: Sequence[dict[str, Any]],
        origin: Origin | None = None,
    ) -> None:
        """Give a name a value, as code between some scopes would."""
        for scope in reversed(scopes):
            if isinstance(scope, Frame):
                if name in scope.names.local:
                    scope.put(name, value, origin)
                    return
                if name in scope.names.outer:
                    break
        self.variables.put(name, value, origin)

    def peek(self, name: str, scopes: Sequence[dict[str, Any]] | None = None) -> Any:
        """What a name stands for, or ``None``; ``_base_`` as a copy that may change."""
        for scope in reversed(self.scopes if scopes is None else scopes):
            if name in scope:
                return scope[name]
            if isinstance(scope, Frame) and name in scope.names.outer:
                break
        if name == BASE and name in self.variables:
            return self.own_base()
        return self.variables.get(name)

    def own_base(self) -> Any:
        """The bases, as a copy that the file may change."""
        if not self.read_base and self.variables[BASE] is self.base:
            copied: CfgDict = detached(self.base)
            if isinstance(self.base, IncompleteBase):
                copied = IncompleteBase.of(copied, self.base.missing, is_open=self.base.is_open)
            self.base = self.variables[BASE] = copied
            # What they hold may be unknown, and it is not this file's text that tells how much.
            self.read_base = self.made_unknown = True
            self.budget.aliases += MANY
        return self.variables[BASE]

    def give_up_on(self, statement: ast.stmt, reason: str, blame: Unknown | None = None) -> None:
        """Forget all that a statement may bind or change."""
        unknown = blame or self.unknown(statement, reason)
        if give_up(self, [statement], unknown):
            raise GiveUpError

    def skip(self, nodes: Sequence[ast.expr], unknown: Unknown) -> Unknown:
        """What an expression yields of which some parts are perhaps not evaluated."""
        give_up(self, nodes, unknown)
        names = {name for node in nodes for name in names_in(node)}
        return self.derived(unknown, *[self.peek(name) for name in names])


def _element_origins(
    parsed: ParsedSource, nodes: list[ast.expr], copied: dict[int, Origin]
) -> list[Origin | None]:
    """The origins of elements that are each written out."""
    return [Origin(parsed, node, copied.get(index)) for index, node in enumerate(nodes)]
