"""Small questions to a syntax tree that several rules ask."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

Function = ast.FunctionDef


@lru_cache(maxsize=1 << 14)
def class_body(node: ast.ClassDef) -> tuple[ast.stmt, ...]:
    """The statements of a class; those below an ``if``, ``try`` or ``with``, too."""
    # Each class that derives from it asks, and each rule.
    return tuple(_class_body(node))


def _class_body(node: ast.ClassDef) -> Iterator[ast.stmt]:
    pending: list[ast.stmt] = list(reversed(node.body))
    while pending:
        statement = pending.pop()
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            blocks = [statement.body]
            if not isinstance(statement, ast.With):
                blocks.append(statement.orelse)
            if isinstance(statement, ast.Try):
                blocks += [handler.body for handler in statement.handlers]
            pending += [one for block in reversed(blocks) for one in reversed(block)]


def assigned_names(node: ast.stmt) -> set[str]:
    """The plain names that a statement gives a value to."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        targets = [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


@lru_cache(maxsize=1 << 14)
def self_targets(function: Function) -> tuple[tuple[str, ast.AST], ...]:
    """Every ``self.x`` that a function assigns, with the statement."""
    # All that inherit a method ask for the same.
    return tuple(_self_targets(function))


def _self_targets(function: Function) -> Iterator[tuple[str, ast.AST]]:
    me = self_name(function)
    for node in ast.walk(function):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For):
            targets = [node.target]
        for target in targets:
            parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
            for part in parts:
                if isinstance(part, ast.Attribute) and is_name(part.value, me):
                    yield part.attr, node


def assigned_value(node: ast.AST, attribute: str) -> ast.expr | None:
    """What a plain assignment gives to ``x.attribute``, unpacking written out."""
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return None
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        if isinstance(target, ast.Attribute) and target.attr == attribute:
            return node.value
        if isinstance(target, ast.Tuple | ast.List) and isinstance(node.value, ast.Tuple):
            for one, value in zip(target.elts, node.value.elts, strict=False):
                if isinstance(one, ast.Attribute) and one.attr == attribute:
                    return value
    return None


def self_name(function: Function | ast.Lambda) -> str:
    """What a method calls its object."""
    arguments = [*function.args.posonlyargs, *function.args.args]
    return arguments[0].arg if arguments else "self"


def is_name(node: ast.AST, name: str) -> bool:
    """Whether an expression is a certain name."""
    return isinstance(node, ast.Name) and node.id == name


def attribute_path(node: ast.AST) -> str:
    """``self.runner.val_loop`` as text; other expressions within show as ``?``."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "?")
    return ".".join(reversed(parts))


def as_attribute(node: ast.expr) -> ast.expr:
    """An expression, ``getattr(x, "name")`` as the attribute that it reads."""
    call = node if isinstance(node, ast.Call) and is_name(node.func, "getattr") else None
    if call is None or len(call.args) < 2 or call.keywords:
        return node
    owner, name, *_ = call.args
    if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
        return node
    return ast.copy_location(ast.Attribute(owner, name.value, ast.Load()), node)


def names_in(node: ast.AST) -> set[str]:
    """Every name and every attribute that an expression mentions."""
    found = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute):
            found.add(one.attr)
        elif isinstance(one, ast.Name):
            found.add(one.id)
    return found


def call_to(node: ast.AST, name: str) -> ast.Call | None:
    """The node as a call of something whose last name is ``name``."""
    if isinstance(node, ast.Call):
        function = node.func
        last = function.attr if isinstance(function, ast.Attribute) else None
        if isinstance(function, ast.Name):
            last = function.id
        return node if last == name else None
    return None


def calls_super(function: Function, name: str) -> ast.Call | None:
    """The call of ``super().name(...)`` or ``Base.name(self, ...)`` in a method."""
    me = self_name(function)
    for node in ast.walk(function):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr != name:
            continue
        owner = node.func.value
        if call_to(owner, "super") is not None:
            return node
        if node.args and is_name(node.args[0], me) and not is_name(owner, me):
            return node
    return None


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword of a call."""
    return next((one.value for one in call.keywords if one.arg == name), None)


def is_open(call: ast.Call) -> bool:
    """Whether a call passes on keywords that are not written there (``**kwargs``)."""
    return any(one.arg is None for one in call.keywords)


def is_marked(node: Function, mark: str) -> bool:
    """Whether a function has a decorator whose last name is ``mark``."""
    return any(attribute_path(one).rpartition(".")[2] == mark for one in node.decorator_list)


def is_setter(node: Function) -> bool:
    """Whether a function is a setter or a deleter of a property."""
    return is_marked(node, "setter") or is_marked(node, "deleter")


def property_call(node: ast.stmt) -> ast.Call | None:
    """The call in ``name = property(...)``."""
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    return call_to(value, "property") if value is not None else None


def always_leaves(body: Sequence[ast.stmt]) -> bool:
    """Whether what follows a block in the same loop or function never runs after it."""
    return bool(body) and isinstance(body[-1], ast.Return | ast.Raise | ast.Continue | ast.Break)


def calls_in(node: ast.AST) -> Iterator[tuple[ast.Call, bool]]:
    """Every call below a node in the order of the text, inner ones first.

    With each, whether it stands in a lambda, which runs who knows when.
    """
    pending: list[tuple[ast.AST, bool, bool]] = [(node, False, False)]
    while pending:
        one, is_done, is_deferred = pending.pop()
        if is_done:
            if isinstance(one, ast.Call):
                yield one, is_deferred
        else:
            pending.append((one, True, is_deferred))
            is_deferred = is_deferred or isinstance(one, ast.Lambda)
            children = reversed(list(ast.iter_child_nodes(one)))
            pending += [(child, False, is_deferred) for child in children]
