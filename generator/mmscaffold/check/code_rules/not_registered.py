"""A loop, Runner or hook is in no registry, while its like beside it are.

A config can name only what is registered (mmengine/registry/registry.py). A class that no
code uses and no registry has is out of reach; most often the decorator was forgotten.

What one sees: ``KeyError: 'OwnLoop is not in the mmengine::loop registry. Please check whether
the value of OwnLoop is correct or it was registered as expected``, if a config names it.

How to mend it: add ``@LOOPS.register_module()``, or that of ``RUNNERS`` or ``HOOKS``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import (
    BASE_LOOP,
    FLEXIBLE_RUNNER,
    HOOK,
    RUNNER,
    ClassView,
    Code,
)
from mmscaffold.check.code.registration import registered_nodes, registrations
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS242"
SEVERITY = Severity.INFO
_HEAD = "from mmengine.registry import HOOKS\nfrom mmengine.hooks import Hook\n"
_FIRST = "\n\n@HOOKS.register_module()\nclass FirstHook(Hook):\n    pass\n"
_SECOND = "\n\nclass SecondHook(Hook):\n    pass\n"
VALID: list[Example] = [
    _HEAD + _FIRST + _SECOND.replace("class", "@HOOKS.register_module()\nclass"),
    # No project of registered hooks.
    _HEAD + _SECOND,
    # Used without a config, or a base of others.
    _HEAD + _FIRST + _SECOND + "\n\ndef add(runner):\n    runner.register_hook(SecondHook())\n",
    _HEAD + _FIRST.replace("(Hook)", "(SecondHook)") + _SECOND,
]
INVALID: list[Example] = [_HEAD + _FIRST + _SECOND]
_KINDS = (("LOOPS", BASE_LOOP), ("RUNNERS", RUNNER), ("RUNNERS", FLEXIBLE_RUNNER), ("HOOKS", HOOK))


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each class that nothing uses and no registry has."""
    registered = list(registrations(code))
    nodes = registered_nodes(code)
    given = {(one.module.name.partition(".")[0], one.kind) for one in registered}
    used: set[str] | None = None
    for view in code.classes:
        kind = next((kind for kind, base in _KINDS if view.inherits(base)), None)
        top = view.definition.module.name.partition(".")[0]
        if kind is None or id(view.node) in nodes or (top, kind) not in given:
            continue
        if view.is_abstract or not _is_at_top_level(view):
            continue
        used = _used_names(code) if used is None else used
        if view.name not in used:
            yield view.found(
                None,
                f"{view.name} is in no registry, and no code uses it",
                f"Write @{kind}.register_module() if configs shall name it.",
            )


def _is_at_top_level(view: ClassView) -> bool:
    return view.node in view.definition.module.tree.body


def _used_names(code: Code) -> set[str]:
    """Every name that code reads, and every text but those in ``__all__``."""
    found: set[str] = set()
    for module in code.package.modules.values():
        for statement in module.tree.body:
            if isinstance(statement, ast.Assign | ast.AugAssign) and _is_all(statement):
                continue
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                    found.add(node.id)
                elif isinstance(node, ast.Attribute):
                    found.add(node.attr)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(node.value)
    return found


def _is_all(statement: ast.Assign | ast.AugAssign) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets)
