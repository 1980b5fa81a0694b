"""A loop, Runner or hook is in no registry, unlike its siblings.

## Why it matters

A config can name only what is registered. A class that no code uses and no registry contains
cannot be reached; most often the decorator was forgotten.

## Symptoms

``KeyError: 'OwnLoop is not in the mmengine::loop registry. Please check whether the value of
OwnLoop is correct or it was registered as expected``, if a config names it.

## Before -> after

Add ``@LOOPS.register_module()``, or that of ``RUNNERS`` or ``HOOKS``.

## Fix safety

There is no automatic fix: the class may be left over. Registering it is safe unless the name is
taken (see MMS240).

## Source in mmengine

mmengine/registry/registry.py, ``Registry.register_module`` and ``Registry.build``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import ClassView, Code
from mmscaffold.check.code.registration import registered_nodes, registrations
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import REGISTRY_OF_BASE


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each class that nothing uses and no registry has."""
    registered = list(registrations(code))
    nodes = registered_nodes(code)
    given = {(code.package.top(one.module.name), one.kind) for one in registered}
    used: set[str] | None = None
    # A config may name a class itself, by its dotted path or by importing it.
    named = {code.package.canonical(one) for one in code.imported}
    for view in code.classes:
        kind = next((kind for base, kind in REGISTRY_OF_BASE.items() if view.inherits(base)), None)
        top = code.package.top(view.definition.module.name)
        if kind is None or id(view.node) in nodes or (top, kind) not in given:
            continue
        if view.is_abstract or not _is_at_top_level(view):
            continue
        used = _used_names(code) if used is None else used
        if view.name not in used and view.definition.dotted not in named:
            yield view.found(
                None,
                f"{view.name} is not in any registry, and no code uses it",
                f"Write @{kind}.register_module() if configs should be able to name it.",
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


RULE = Rule(
    id="MMS242",
    severity=Severity.INFO,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.registry import HOOKS
            from mmengine.hooks import Hook


            @HOOKS.register_module()
            class FirstHook(Hook):
                pass


            @HOOKS.register_module()
            class SecondHook(Hook):
                pass
            """,
        ),
        Valid(
            """
            from mmengine.registry import HOOKS
            from mmengine.hooks import Hook


            class SecondHook(Hook):
                pass
            """,
            because="The project does not register hooks at all.",
        ),
        Valid(
            """
            from mmengine.registry import HOOKS
            from mmengine.hooks import Hook


            @HOOKS.register_module()
            class FirstHook(Hook):
                pass


            class SecondHook(Hook):
                pass


            def add(runner):
                runner.register_hook(SecondHook())
            """,
            because="Code uses it without a config.",
        ),
        Valid(
            """
            from mmengine.registry import HOOKS
            from mmengine.hooks import Hook


            @HOOKS.register_module()
            class FirstHook(SecondHook):
                pass


            class SecondHook(Hook):
                pass
            """,
            because="It is a base of others.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.registry import HOOKS
            from mmengine.hooks import Hook


            @HOOKS.register_module()
            class FirstHook(Hook):
                pass


            class SecondHook(Hook):
                pass
            """,
            at=Spot(10, 7, 17),
            message="SecondHook is not in any registry, and no code uses it",
            after="""
            from mmengine.registry import HOOKS
            from mmengine.hooks import Hook


            @HOOKS.register_module()
            class FirstHook(Hook):
                pass


            @HOOKS.register_module()
            class SecondHook(Hook):
                pass
            """,
        ),
    ],
)
