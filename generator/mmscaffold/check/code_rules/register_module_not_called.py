"""A class is decorated with ``register_module`` itself, not with what it returns.

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
from mmscaffold.check.code.syntax import attribute_path
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import REGISTRIES


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each such decorator."""
    for view in code.classes:
        for mark in view.node.decorator_list:
            registry, _, method = attribute_path(mark).rpartition(".")
            if method == "register_module" and isinstance(mark, ast.Attribute):
                if registry.rpartition(".")[2] not in REGISTRIES:
                    # Some other object may have a method of this name.
                    continue
                yield view.found(
                    mark,
                    f"{registry}.register_module is not called: it takes {view.name} for a name",
                    "Write the parentheses: register_module().",
                )


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
    ],
)
