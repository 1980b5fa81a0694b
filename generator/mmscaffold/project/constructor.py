"""What a class can be built with, read from its code."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from mmscaffold.config.text.syntax_nodes import syntax_nodes
from mmscaffold.facts.classes.constructor import Constructor, joined_constructors
from mmscaffold.project.code import ClassDefinition, Package


def _unknown(dotted: str) -> None:
    """Know nothing of the classes outside."""


def constructor_of(
    package: Package,
    definition: ClassDefinition,
    outside: Callable[[str], Constructor | None] = _unknown,
) -> Constructor | None:
    """What a class can be built with; ``**kwargs`` are taken to go on to its bases.

    Args:
        package: The code that it is part of.
        definition: The class.
        outside: Says the same of a class, by its dotted name, that is not in the code.

    Returns:
        ``None`` where no constructor was found.
    """
    return joined_constructors(
        own_constructor(known) if (known := package.classes.get(dotted)) else outside(dotted)
        for dotted in (definition.dotted, *package.ancestors(definition))
    )


def own_constructor(definition: ClassDefinition) -> Constructor | None:
    """The arguments of the ``__init__`` that a class itself defines."""
    for node in definition.node.body:
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            return _signature(node)
    return None


def _signature(function: ast.FunctionDef) -> Constructor:
    found = function.args
    positional = [*found.posonlyargs, *found.args][1:]
    plain = len(positional) - len(found.defaults)
    named = [
        one.arg
        for one, default in zip(found.kwonlyargs, found.kw_defaults, strict=True)
        if default is None
    ]
    return Constructor(
        frozenset(one.arg for one in (*positional, *found.kwonlyargs)),
        frozenset([*(one.arg for one in positional[:plain]), *named]),
        is_open=found.kwarg is not None,
        supplied=_supplied(function),
        positional=tuple(one.arg for one in positional),
        passed=_passed(function),
    )


def _passed(function: ast.FunctionDef) -> int:
    """How many arguments a constructor hands to that of its base by position.

    ``super().__init__(runner, dataloader, 12)`` hands on three, whatever they are called.
    """
    for node in syntax_nodes(function):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        is_super = isinstance(owner, ast.Call) and getattr(owner.func, "id", None) == "super"
        if node.func.attr == "__init__" and is_super:
            plain = [one for one in node.args if not isinstance(one, ast.Starred)]
            return len(plain) if len(plain) == len(node.args) else 0
    return 0


def _supplied(function: ast.FunctionDef) -> frozenset[str]:
    """What a constructor itself hands to those of its bases, by keyword.

    Beside ``super().__init__(runner, max_epochs=3, **kwargs)`` stands what it puts into
    ``kwargs``: ``kwargs['x'] = 3``, ``kwargs.setdefault('x', 3)``, ``kwargs.update(x=3)``.
    """
    kwargs = function.args.kwarg.arg if function.args.kwarg is not None else None
    given: set[str] = set()
    for node in syntax_nodes(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if node.func.attr == "__init__":
                given |= {one.arg for one in node.keywords if one.arg is not None}
                # By position, an argument is taken to keep its name.
                given |= {one.id for one in node.args if isinstance(one, ast.Name)}
            elif isinstance(owner, ast.Name) and owner.id == kwargs:
                given |= {one.arg for one in node.keywords if one.arg is not None}
                if node.func.attr in ("setdefault", "__setitem__"):
                    given |= _texts(node.args[:1])
                elif node.func.attr == "update":
                    given |= _texts(key for one in node.args for key in getattr(one, "keys", ()))
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            if isinstance(node.value, ast.Name) and node.value.id == kwargs:
                given |= _texts([node.slice])
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call | ast.Dict):
            # kwargs = dict(max_epochs=3, **kwargs)
            is_kwargs = any(isinstance(one, ast.Name) and one.id == kwargs for one in node.targets)
            if is_kwargs and isinstance(node.value, ast.Call):
                given |= {one.arg for one in node.value.keywords if one.arg is not None}
            elif is_kwargs and isinstance(node.value, ast.Dict):
                given |= _texts(node.value.keys)
    return frozenset(given)


def _texts(nodes: Iterable[ast.AST | None]) -> set[str]:
    return {
        one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }
