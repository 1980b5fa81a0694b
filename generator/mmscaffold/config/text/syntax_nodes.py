"""The nodes of a syntax tree, several times as fast as ``ast.walk``."""

from __future__ import annotations

import ast

# What Python says beside a tree: that a name is read or set, and which operator it is.
_BESIDE = frozenset({"ctx", "op", "ops", "type_comment", "type_ignores"})
# More than half of the nodes.
_LEAVES = frozenset({ast.Constant, ast.Name, ast.alias, ast.Pass})
_known_fields: dict[type[ast.AST], tuple[str, ...]] = {}


def syntax_nodes(node: ast.AST) -> list[ast.AST]:
    """A node and all below it, each before what it holds; in the order of ``ast.walk``.

    Contexts (``ast.Load``) and operators (``ast.Add``) are left out: half of the nodes, which
    hold nothing.
    """
    found = [node]
    for one in found:
        if type(one) not in _LEAVES:
            found += children(one)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, in order; without contexts and operators."""
    fields = _known_fields.get(type(node))
    if fields is None:
        fields = _known_fields[type(node)] = _fields_with_nodes(node)
    found: list[ast.AST] = []
    for name in fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            found.append(value)
        elif isinstance(value, list):
            found += [item for item in value if isinstance(item, ast.AST)]
    return found


def _fields_with_nodes(node: ast.AST) -> tuple[str, ...]:
    if type(node) in _LEAVES:
        return ()
    return tuple(name for name in node._fields if name not in _BESIDE)
