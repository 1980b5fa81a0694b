"""A class is given to ``register_module`` itself, not to what it returns.

## Why it matters

``register_module`` takes the name under which to register, and returns the decorator. Without
parentheses it gets the class in the place of the name.

## Symptoms

As soon as the module is imported: ``TypeError: name must be None, an instance of str, or a
sequence of str, but got <class 'type'>``.

## Before -> after

Write ``@LOOPS.register_module()``.

## Fix safety

There is no automatic fix for code. The parentheses change nothing else.

## Source in mmengine

mmengine/registry/registry.py, ``Registry.register_module``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import Code
from mmscaffold.check.code.classes import place
from mmscaffold.check.code.syntax import attribute_path
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import REGISTRIES


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each class that is taken for a name."""
    for view in code.classes:
        for mark in view.node.decorator_list:
            registry = _registry(mark)
            if registry is not None:
                yield view.found(
                    mark,
                    f"{registry}.register_module is not called: it takes {view.name} for a name",
                    "Write the parentheses: register_module().",
                )
    for module in code.modules:
        for statement in module.tree.body:
            call = statement.value if isinstance(statement, ast.Expr) else None
            if not isinstance(call, ast.Call) or not call.args:
                continue
            registry, given = _registry(call.func), call.args[0]
            if registry is None or not isinstance(given, ast.Name):
                continue
            if f"{module.name}.{given.id}" in code.package.classes:
                yield Diagnostic(
                    f"{registry}.register_module takes {given.id} for a name",
                    place(module, call),
                    f"Write register_module(module={given.id}), or register_module()({given.id}).",
                )


def _registry(node: ast.expr) -> str | None:
    """The registry of ``X.register_module``; some other object may have such a method."""
    registry, _, method = attribute_path(node).rpartition(".")
    is_one = method == "register_module" and registry.rpartition(".")[2] in REGISTRIES
    return registry if is_one else None


RULE = Rule(
    id="MMS247",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.registry import HOOKS
            from mmengine.hooks import Hook


            @HOOKS.register_module()
            class MyHook(Hook):
                pass
            """,
        ),
        Valid(
            """
            from elsewhere import plugins


            @plugins.register_module
            class MyPlugin:
                pass
            """,
            because="It is not a registry of mmengine.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.registry import HOOKS
            from mmengine.hooks import Hook


            @HOOKS.register_module
            class MyHook(Hook):
                pass
            """,
            at=Spot(5, 2, 23),
            message="HOOKS.register_module is not called: it takes MyHook for a name",
            after="""
            from mmengine.registry import HOOKS
            from mmengine.hooks import Hook


            @HOOKS.register_module()
            class MyHook(Hook):
                pass
            """,
        ),
        Invalid(
            """
            import mmengine.registry
            from mmengine.runner import EpochBasedTrainLoop


            @mmengine.registry.LOOPS.register_module
            class MyLoop(EpochBasedTrainLoop):
                pass
            """,
            at=Spot(5, 2, 41),
            message=(
                "mmengine.registry.LOOPS.register_module is not called: it takes MyLoop for a name"
            ),
        ),
        Invalid(
            """
            from mmengine.registry import HOOKS
            from mmengine.hooks import Hook


            class MyHook(Hook):
                pass


            HOOKS.register_module(MyHook)
            """,
            at=Spot(9, 1, 30),
            message="HOOKS.register_module takes MyHook for a name",
            after="""
            from mmengine.registry import HOOKS
            from mmengine.hooks import Hook


            class MyHook(Hook):
                pass


            HOOKS.register_module(module=MyHook)
            """,
        ),
    ],
)
