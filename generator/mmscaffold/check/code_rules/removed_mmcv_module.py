"""Code for mmengine imports a module that mmcv 2.0 removed.

## Why it matters

mmcv 2.0 gave its Runner, hooks, engine and parallel wrappers to mmengine. What derives from the
classes of mmcv 1.x is not what mmengine's Runner builds.

## Symptoms

``ModuleNotFoundError: No module named 'mmcv.runner'``.

## Before -> after

Import from mmengine: ``mmcv.runner.Hook`` is ``mmengine.hooks.Hook``, ``mmcv.runner.HOOKS`` is
``mmengine.registry.HOOKS``, ``mmcv.runner.BaseModule`` is ``mmengine.model.BaseModule``.

## Fix safety

There is no automatic fix for code: methods of hooks get other arguments as well.

## Source in mmengine

https://mmcv.readthedocs.io/en/latest/compatibility.html; docs/en/migration of mmengine.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import Code
from mmscaffold.check.code.classes import place
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.legacy import REMOVED_FROM_MMCV


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each such import, where the same file imports mmengine, too."""
    for module in code.modules:
        imports = list(_imports(module.tree))
        names = [name for _, name in imports]
        if not any(one.partition(".")[0] == "mmengine" for one in names):
            # Of mmcv 1.x altogether.
            continue
        sure = _unconditional(module.tree)
        for node, name in imports:
            gone = next(
                (one for one in REMOVED_FROM_MMCV if name == one or name.startswith(f"{one}.")),
                None,
            )
            if gone is not None and id(node) in sure:
                yield Diagnostic(
                    f"{gone} is not in mmcv 2.x, which mmengine needs: a ModuleNotFoundError",
                    place(module, node),
                    f"Import it from {REMOVED_FROM_MMCV[gone]}.",
                )


def _imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module == "mmcv":
                for alias in node.names:
                    yield node, f"mmcv.{alias.name}"
            else:
                yield node, node.module


def _unconditional(tree: ast.Module) -> set[int]:
    """The statements that surely run when the module is imported."""
    return {id(node) for node in tree.body}


RULE = Rule(
    id="MMS251",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmcv.runner import HOOKS, Hook


            @HOOKS.register_module()
            class MyHook(Hook):
                pass
            """,
            because="Code for mmcv 1.x.",
        ),
        Valid(
            """
            try:
                from mmengine.hooks import Hook
            except ImportError:
                from mmcv.runner import Hook
            """,
            because="Code for both.",
        ),
        Valid(
            """
            from mmcv.cnn import ConvModule
            from mmcv.ops import nms
            from mmengine.model import BaseModule
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmcv.runner import HOOKS
            from mmengine.hooks import Hook


            @HOOKS.register_module()
            class MyHook(Hook):
                pass
            """,
            at=Spot(1, 1, 30),
            message=(
                "mmcv.runner is not in mmcv 2.x, which mmengine needs: a ModuleNotFoundError"
            ),
            after="""
            from mmengine.hooks import Hook
            from mmengine.registry import HOOKS


            @HOOKS.register_module()
            class MyHook(Hook):
                pass
            """,
        ),
        Invalid(
            """
            import mmcv.parallel
            from mmengine.runner import Runner
            """,
            at=Spot(1, 1, 21),
            message=(
                "mmcv.parallel is not in mmcv 2.x, which mmengine needs: a ModuleNotFoundError"
            ),
        ),
    ],
)
