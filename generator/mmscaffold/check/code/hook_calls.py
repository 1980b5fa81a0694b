"""How mmengine's loops call the methods of hooks (mmengine/runner/loops.py, hooks/hook.py)."""

from __future__ import annotations

import ast

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.syntax import call_to
from mmscaffold.project.code import nodes_of


def own_calls(code: Code) -> dict[str, list[tuple[str, ...]]]:
    """With which keywords the code that was read calls each hook point itself."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for module in code.package.modules.values():
        for node in nodes_of(module.tree):
            call = call_to(node, "call_hook")
            if call is not None and call.args and isinstance(call.args[0], ast.Constant):
                keywords = tuple(one.arg for one in call.keywords if one.arg is not None)
                found.setdefault(str(call.args[0].value), []).append(keywords)
    return found


def names_called(code: Code) -> frozenset[str]:
    """Every name of a method that any code calls, and every string that may name one."""
    found = set()
    for module in code.package.modules.values():
        for node in nodes_of(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                found.add(node.func.attr)
                if call_to(node, "call_hook") and node.args:
                    found |= _texts(node.args[0])
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return frozenset(found)


def _texts(node: ast.AST) -> set[str]:
    return {
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }
