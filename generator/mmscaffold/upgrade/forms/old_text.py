"""A config of 2.x as it is written: its statements, and what each expression stands for."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mmscaffold.config.change import MISSING
from mmscaffold.config.edit.line_length import line_length
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.text.source import Span
from mmscaffold.config.text.syntax_nodes import children, syntax_nodes
from mmscaffold.config.walk import SCALARS

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True)
class Statement:
    """One statement at the top level of a file.

    Attributes:
        node: Its syntax tree.
        span: Its bytes, from its first character to its last.
        name: What it sets, if it is ``name = value``.
        roots: The names that it binds, changes or deletes.
        reads: The names that it reads.
    """

    node: ast.stmt
    span: Span
    name: str | None
    roots: frozenset[str]
    reads: frozenset[str]

    @property
    def value(self) -> ast.expr:
        """The expression on the right-hand side of ``name = value``."""
        assert isinstance(self.node, ast.Assign)
        return self.node.value


class OldText:
    """What one file of 2.x writes.

    Args:
        config: The file as it resolved; it must be Python.
    """

    def __init__(self, config: ResolvedConfig) -> None:
        self.config = config
        self.parsed = config.python
        self.source = self.parsed.source
        self._values: dict[int, Any] = {}
        self._repeated: set[int] = set()
        self._parents: dict[int, ast.AST] = {}
        self.statements = [self._statement(node) for node in self.parsed.tree.body]
        self._note_values(config.own)

    @cached_property
    def line_length(self) -> int:
        """How long its lines may be."""
        return line_length(self.source)

    def wrote(self, origin: Origin | None) -> bool:
        """Whether an expression stands in this file, and means the same wherever it is copied."""
        if origin is None or origin.parsed is not self.parsed:
            return False
        return id(origin.node) not in self._repeated

    def value_of(self, origin: Origin | None) -> Any:
        """What the file itself gave an expression; ``MISSING`` if that is not known."""
        if origin is None or not self.wrote(origin):
            return MISSING
        return self._values.get(id(origin.node), MISSING)

    def is_wrapped(self, origin: Origin | None, value: Any) -> bool:
        """Whether a new container only stands around what an expression gives.

        ``classes=CLASSES`` becomes ``metainfo=dict(classes=CLASSES)``: the variable stays what
        it is.
        """
        if origin is None or not isinstance(value, _CONTAINERS):
            return False
        node = origin.node
        return any(one is not None and one.node is node for _, one in with_origins(value))

    def parent(self, node: ast.AST) -> ast.AST | None:
        """What an expression directly stands in."""
        return self._parents.get(id(node))

    def variable(self, name: str) -> Statement | None:
        """The one statement that sets a name, if nothing else changes what it stands for."""
        setting = [one for one in self.statements if name in one.roots]
        return setting[0] if len(setting) == 1 and setting[0].name == name else None

    @cached_property
    def spread(self) -> frozenset[str]:
        """The variables that the file reads only to spread them: ``dict(..., **name)``."""
        if b"**" not in self.source.raw:
            return frozenset()
        reads: Counter[str] = Counter()
        spreads: Counter[str] = Counter()
        for node in syntax_nodes(self.parsed.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                reads[node.id] += 1
            elif isinstance(node, ast.keyword | ast.Dict):
                spreads.update(_spread_in(node))
        return frozenset(name for name, times in spreads.items() if reads[name] == times)

    def comes_from(self, origin: Origin | None, name: str) -> bool:
        """Whether an item stands in the literal that a variable is set to."""
        statement = self.variable(name)
        if statement is None or origin is None or not self.wrote(origin):
            return False
        node = origin.node
        parent = self.parent(node) if isinstance(node, ast.expr) else None
        holder = self.parent(parent) if isinstance(parent, ast.keyword) else parent
        return holder is statement.value

    def readers(self, name: str) -> list[Statement]:
        """The statements that read a name."""
        return [one for one in self.statements if name in one.reads]

    def _statement(self, node: ast.stmt) -> Statement:
        name = None
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            name = target.id if isinstance(target, ast.Name) else None
        nodes: list[ast.AST] = [node]
        for one in nodes:
            if type(one) in _WITHOUT_CHILDREN:
                continue
            inner = children(one)
            nodes += inner
            self._parents.update(dict.fromkeys(map(id, inner), one))
            if isinstance(one, Comprehension):
                self._repeated.update(_varying(one))
            elif type(one) in _REPEATING:
                self._repeated.update(id(below) for below in syntax_nodes(one) if below is not one)
        return Statement(
            node,
            self.parsed.span(node),
            name,
            frozenset(_roots(node, nodes)),
            frozenset(_reads(node, nodes)),
        )

    def _note_values(self, root: CfgDict) -> None:
        pending: list[Any] = [root]
        seen: set[int] = set()
        while pending:
            container = pending.pop()
            if id(container) in seen:
                continue
            seen.add(id(container))
            for item, origin in with_origins(container):
                if origin is not None and origin.parsed is self.parsed:
                    self._values.setdefault(id(origin.node), item)
                if type(item) not in SCALARS and isinstance(item, _CONTAINERS):
                    pending.append(item)


# What stands within loops, functions and the like has no one value.
_REPEATING = frozenset({
    ast.Lambda, ast.For, ast.While, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
    ast.AugAssign,
})  # fmt: skip
# Most nodes are of these types.
_WITHOUT_CHILDREN = frozenset({ast.Constant, ast.Name})
_CONTAINERS = (CfgDict, CfgList, CfgTuple)
_PLACES = (ast.Name, ast.Subscript, ast.Attribute)


def with_origins(container: Any) -> Iterable[tuple[Any, Origin | None]]:
    """What a container holds, each with its origin; a plain one knows none."""
    if isinstance(container, CfgDict):
        known = container.origins
        return [(value, known.get(key)) for key, value in container.items()]
    if isinstance(container, CfgList | CfgTuple):
        return list(zip(container, container.origins, strict=False))
    values = container.values() if isinstance(container, dict) else container
    return [(value, None) for value in values]


def _spread_in(node: ast.keyword | ast.Dict) -> Iterator[str]:
    """The names that are spread directly in an argument or in a dict display."""
    if isinstance(node, ast.keyword):
        spread = [node.value] if node.arg is None else []
    else:
        spread = [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
    yield from (one.id for one in spread if isinstance(one, ast.Name))


def _loop_names(comprehension: Comprehension) -> Iterator[ast.Name]:
    """What the loops of a comprehension set, which no name outside of it knows."""
    for loop in comprehension.generators:
        yield from (one for one in syntax_nodes(loop.target) if isinstance(one, ast.Name))


def _varying(comprehension: Comprehension) -> Iterator[int]:
    """By ``id``, what in a comprehension is another value in each turn: what names its loops."""
    nodes = [one for one in syntax_nodes(comprehension) if one is not comprehension]
    if any(isinstance(one, ast.NamedExpr | ast.Lambda) for one in nodes):
        yield from map(id, nodes)
        return
    loops = {one.id for one in _loop_names(comprehension)}
    for one in nodes:
        if any(isinstance(below, ast.Name) and below.id in loops for below in syntax_nodes(one)):
            yield id(one)


def _roots(node: ast.stmt, nodes: list[ast.AST]) -> Iterator[str]:
    """The names that a statement, of these nodes, binds, changes or deletes."""
    if isinstance(node, ast.Expr):
        # A call such as data.update(...) may change what its name stands for.
        if isinstance(node.value, ast.Call):
            yield from _root_of(node.value.func)
        return
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        return
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        yield node.name
        return
    loops = [one for one in nodes if isinstance(one, Comprehension)]
    of_loops = {id(name) for one in loops for name in _loop_names(one)}
    for one in nodes:
        if isinstance(one, _PLACES) and isinstance(one.ctx, ast.Store | ast.Del):
            yield from _root_of(one) if id(one) not in of_loops else ()


def _reads(node: ast.stmt, nodes: list[ast.AST]) -> Iterator[str]:
    """The names that a statement reads, without those that a function sets for itself."""
    names = [one for one in nodes if isinstance(one, ast.Name)]
    local: set[str] = set()
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        local.update(one.id for one in names if not isinstance(one.ctx, ast.Load))
        local.update(one.arg for one in nodes if isinstance(one, ast.arg))
        # A default is evaluated outside, where the name of an argument is another variable.
        outside = [*node.args.defaults, *filter(None, node.args.kw_defaults), *node.decorator_list]
        local -= {
            one.id for part in outside for one in syntax_nodes(part) if isinstance(one, ast.Name)
        }
        for one in nodes:
            if isinstance(one, ast.Global):
                local -= set(one.names)
    yield from (one.id for one in names if isinstance(one.ctx, ast.Load) and one.id not in local)


def _root_of(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id
