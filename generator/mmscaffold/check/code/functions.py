"""What the body of one function returns, and whether it does anything at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.syntax import Function, attribute_path


def returned_values(function: Function) -> list[ast.Return]:
    """The ``return`` statements of a function itself, those of inner functions left out."""
    return [node for node in walk_own(function) if isinstance(node, ast.Return)]


def walk_own(function: ast.AST) -> Iterator[ast.AST]:
    """As ``ast.walk``, without what inner functions, lambdas and classes hold."""
    for child in ast.iter_child_nodes(function):
        yield child
        if not isinstance(
            child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
        ):
            yield from walk_own(child)


def is_stub(function: Function) -> bool:
    """Whether a function only says that others implement it, or is a generator."""
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in walk_own(function)):
        return True
    if any(attribute_path(one).endswith("abstractmethod") for one in function.decorator_list):
        return True
    if isinstance(function.body[-1], ast.Raise):
        return True
    return all(
        isinstance(node, ast.Pass | ast.Raise)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in function.body
    )
