"""What a class can be built with, read from its code."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mmscaffold.project.code import ClassDefinition, Package


@dataclass(frozen=True)
class Constructor:
    """What a class can be built with.

    Attributes:
        arguments: The names of its arguments, ``self`` left out.
        required: Those without a default.
        is_open: Whether it takes any other keyword.
    """

    arguments: frozenset[str]
    required: frozenset[str]
    is_open: bool


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


def joined_constructors(parts: Iterable[Constructor | None]) -> Constructor | None:
    """What a class takes whose bases' constructors are these, nearest first.

    Args:
        parts: The constructor of the class and of each base, ``None`` where one defines none.

    Returns:
        ``None`` if none defines any.
    """
    arguments: set[str] = set()
    required: set[str] = set()
    found = False
    for part in parts:
        if part is None:
            continue
        found = True
        arguments |= part.arguments
        required |= part.required
        if not part.is_open:
            return Constructor(frozenset(arguments), frozenset(required), is_open=False)
    return Constructor(frozenset(arguments), frozenset(required), is_open=True) if found else None


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
