"""The local names that a function gives to attributes: ``runner = self.runner``."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from mmscaffold.check.code.syntax import Function, as_attribute, attribute_path

_DEEPEST = 8


def aliases_in(function: Function) -> dict[str, str]:
    """The local names that a function gives to attributes, once and for all.

    A name that stands for several things stands for none: what code writes must be certain.
    """
    found: dict[str, str] = {}
    twice = set()
    for name, value in _assigned(function):
        if name in found:
            twice.add(name)
        found[name] = attribute_path(value) if isinstance(value, ast.Attribute) else "?"
    return {name: path for name, path in found.items() if name not in twice and path != "?"}


def possible_aliases(function: Function) -> dict[str, str]:
    """The local names that a function gives to attributes, at least now and then.

    For what code does: a step that may happen is better believed than missed.
    """
    return {
        name: attribute_path(value)
        for name, value in _assigned(function)
        if isinstance(value, ast.Attribute)
    }


def written_out(node: ast.expr, aliases: Mapping[str, str]) -> str:
    """An attribute path with local names for attributes written out."""
    path = attribute_path(node)
    for _ in range(_DEEPEST):
        head, dot, rest = path.partition(".")
        if head not in aliases or aliases[head].partition(".")[0] == head:
            break
        path = f"{aliases[head]}{dot}{rest}"
    return path


def _assigned(function: Function) -> list[tuple[str, ast.expr]]:
    return [
        (target.id, as_attribute(node.value))
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
