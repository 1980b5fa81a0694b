"""What the properties of a class run, in every form in which they are written."""

from __future__ import annotations

import ast

from mmscaffold.check.code.classes import ClassView, own_function
from mmscaffold.check.code.syntax import Function, assigned_names, class_body, property_call
from mmscaffold.project.code import ClassDefinition

Getter = Function | ast.Lambda


def getter(view: ClassView, name: str) -> tuple[ClassDefinition, ast.stmt, Getter] | None:
    """The code that a property of the lineage runs, and the statement that makes it.

    Args:
        view: The class.
        name: The property.

    Returns:
        ``None`` if there is no such property, or an upstream base, which comes first, has it, or
        what it runs was not read.
    """
    if not view.is_property(name):
        return None
    for dotted in view.lineage:
        definition = view.code.package.classes.get(dotted)
        if definition is None:
            if view.code.table.defines(dotted, name):
                return None
            continue
        for node in class_body(definition.node):
            if isinstance(node, ast.FunctionDef) and node.name == name:
                return definition, node, node
            if name in assigned_names(node):
                found = _called(definition, node)
                return None if found is None else (definition, node, found)
    return None


def _called(definition: ClassDefinition, node: ast.stmt) -> Getter | None:
    """What ``name = property(...)`` calls: a lambda, or a function of the same class."""
    call = property_call(node)
    if call is None:
        return None
    given = [*call.args[:1], *(one.value for one in call.keywords if one.arg == "fget")]
    for one in given:
        if isinstance(one, ast.Lambda):
            return one
        if isinstance(one, ast.Name):
            return own_function(definition, one.id)
    return None
