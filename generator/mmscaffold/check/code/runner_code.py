"""What code writes on the Runner, and reads from it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mmscaffold.check.code.aliases import aliases_in, written_out
from mmscaffold.check.code.classes import ClassView, Code
from mmscaffold.check.code.syntax import Function, attribute_path, call_to, self_name
from mmscaffold.facts.base_classes import BASE_LOOP, HOOK, RUNNER_BASES
from mmscaffold.facts.runner import RUNNER_ATTRIBUTES
from mmscaffold.project.code import nodes_of


@dataclass(frozen=True)
class Write:
    """One attribute that code of a hook, a loop or a Runner sets on the Runner.

    Attributes:
        view: The class.
        function: Its method.
        path: What is set, from the Runner on: ``_epoch``, ``train_loop._epoch``.
        node: The statement.
        value: What it is set to; the change, for ``+=``.
        adds: Whether it is ``+=`` or the like, which reads it first.
    """

    view: ClassView
    function: Function
    path: str
    node: ast.AST
    value: ast.expr | None
    adds: bool


def all_classes(code: Code) -> Iterator[ClassView]:
    """Every class that was read, those of files that are not checked included."""
    return (code.view(definition) for definition in code.package.classes.values())


def functions_of(view: ClassView) -> list[Function]:
    """The functions that a class itself defines, setters included."""
    return [node for node in view.node.body if isinstance(node, ast.FunctionDef)]


def runner_names(view: ClassView, function: Function) -> frozenset[str]:
    """By what paths the code of a method reaches the Runner; none for other classes."""
    me = self_name(function)
    if view.is_runner:
        return frozenset({me})
    own = frozenset(f"{me}.{name}" for name in RUNNER_ATTRIBUTES)
    if view.inherits(BASE_LOOP):
        return own
    if view.inherits(HOOK):
        given = {one.arg for one in function.args.args[1:] if one.arg == "runner"}
        return own | given
    return frozenset()


def runner_writes(code: Code) -> list[Write]:
    """Everything that checked hooks, loops and Runners set on the Runner."""
    if code.runner_writes is None:
        # Several rules ask.
        code.runner_writes = list(_runner_writes(code))
    return code.runner_writes


def _runner_writes(code: Code) -> Iterator[Write]:
    for view in code.of_kind(HOOK, BASE_LOOP, *RUNNER_BASES):
        for function in functions_of(view):
            names = runner_names(view, function)
            aliases = aliases_in(function)
            for target, value, adds, node in assignments(function):
                path = written_out(target, aliases)
                inner = from_runner(path, names)
                if inner is not None:
                    yield Write(view, function, inner, node, value, adds)


def runner_reads(view: ClassView, function: Function) -> Iterator[tuple[ast.Attribute, str]]:
    """Every attribute that a method reads, or calls, of the Runner or of what is in it.

    Yields:
        The attribute, and its path from the Runner on: ``model.train_step``.
    """
    names = runner_names(view, function)
    aliases = aliases_in(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            path = from_runner(written_out(node, aliases), names)
            if path is not None:
                yield node, path


def runner_calls(view: ClassView, function: Function) -> Iterator[tuple[ast.Call, str]]:
    """Every call that a method makes of the Runner or of what is in it, in order of the text.

    Yields:
        The call, and the path of what is called: ``model.train_step``.
    """
    paths = {id(node): path for node, path in runner_reads(view, function)}
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
        if id(call.func) in paths:
            yield call, paths[id(call.func)]


def from_runner(path: str, names: frozenset[str]) -> str | None:
    """The part of a path after the Runner; ``None`` if it does not begin with the Runner."""
    for name in names:
        if path.startswith(f"{name}."):
            return path[len(name) + 1 :]
    return None


Assignment = tuple[ast.Attribute, ast.expr | None, bool, ast.AST]


@lru_cache(maxsize=1 << 14)
def assignments(function: ast.AST) -> tuple[Assignment, ...]:
    """Every attribute that code sets: the target, the value, whether it adds, the statement."""
    # Several rules ask for the same.
    return tuple(_assignments(function))


def _assignments(function: ast.AST) -> Iterator[Assignment]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
                for part in parts:
                    if isinstance(part, ast.Attribute):
                        yield part, node.value if part is target else None, False, node
        elif isinstance(node, ast.AnnAssign):
            # A bare annotation sets nothing.
            if isinstance(node.target, ast.Attribute) and node.value is not None:
                yield node.target, node.value, False, node
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute):
            yield node.target, node.value, True, node
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Attribute):
            yield node.target, None, False, node


def read_from_runner(code: Code) -> frozenset[str]:
    """The names that any code that was read takes from a Runner, as far as that can be seen."""
    found = set()
    for module in code.package.modules.values():
        for node in nodes_of(module.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                if attribute_path(node.value).rpartition(".")[2] in RUNNER_ATTRIBUTES:
                    found.add(node.attr)
            elif call_to(node, "getattr") or call_to(node, "hasattr"):
                found |= {
                    one.value
                    for one in ast.walk(node)
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    for view in all_classes(code):
        if view.is_runner:
            found |= {
                node.attr
                for function in functions_of(view)
                for node in ast.walk(function)
                if isinstance(node, ast.Attribute)
                and isinstance(node.ctx, ast.Load)
                and attribute_path(node.value) == self_name(function)
            }
    return frozenset(found)
