"""What a class can be built with, read from its code."""

from __future__ import annotations

import ast
from collections.abc import Callable

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
            return _signature(node.args)
    return None


def _signature(found: ast.arguments) -> Constructor:
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
    )
