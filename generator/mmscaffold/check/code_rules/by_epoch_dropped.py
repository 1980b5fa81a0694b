"""A Runner's ``build_train_loop`` does not handle ``by_epoch``.

## Why it matters

``train_cfg=dict(by_epoch=True, max_epochs=12)`` names no class: ``Runner.build_train_loop``
takes ``by_epoch`` as the choice between mmengine's two train loops. About a third of the
official configs choose the loop this way. An override that only builds from ``LOOPS`` cannot run
them.

## Symptoms

``KeyError: '`cfg` or `default_args` must contain the key "type"``.

## Before -> after

Call ``super().build_train_loop(loop)``, and change the config before it or the loop after it.

## Fix safety

There is no automatic fix: what the override adds must be kept.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.build_train_loop``, which reads ``by_epoch``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.functions import is_stub
from mmscaffold.check.code.syntax import Function, attribute_path, calls_in, calls_super
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each override that builds from ``LOOPS`` alone."""
    for view in code.runners:
        function = view.own_methods.get("build_train_loop")
        if function is None or is_stub(function) or calls_super(function, "build_train_loop"):
            continue
        build = next(
            (
                call
                for call, _ in calls_in(function)
                if attribute_path(call.func).endswith("LOOPS.build")
            ),
            None,
        )
        if build is not None and not _chooses(function):
            yield view.found(
                build,
                f"{view.name}.build_train_loop cannot build train_cfg=dict(by_epoch=True, ...)",
                "Call super().build_train_loop(loop) where the config has no `type`.",
            )


def _chooses(function: Function) -> bool:
    """Whether it reads ``by_epoch``, or sets a ``type`` itself."""
    return any(
        (isinstance(node, ast.Constant) and node.value in ("by_epoch", "type"))
        or (isinstance(node, ast.keyword) and node.arg in ("type", "by_epoch"))
        or (isinstance(node, ast.Attribute) and node.attr in ("by_epoch", "type"))
        for node in ast.walk(function)
    )


RULE = Rule(
    id="MMS243",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def build_train_loop(self, loop):
                    return super().build_train_loop(loop)
            """,
        ),
        Valid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def build_train_loop(self, loop):
                    if 'by_epoch' in loop:
                        return super().build_train_loop(loop)
                    args = {'runner': self, 'dataloader': self._train_dataloader}
                    return LOOPS.build(loop, default_args=args)
            """,
        ),
        Valid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def build_train_loop(self, loop):
                    loop.pop('by_epoch', None)
                    loop['type'] = 'OwnLoop'
                    args = {'runner': self, 'dataloader': self._train_dataloader}
                    return LOOPS.build(loop, default_args=args)
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def build_train_loop(self, loop):
                    args = {'runner': self, 'dataloader': self._train_dataloader}
                    return LOOPS.build(loop, default_args=args)
            """,
            at=Spot(8, 16, 52),
            message=("OwnRunner.build_train_loop cannot build train_cfg=dict(by_epoch=True, ...)"),
            after="""
            from mmengine.registry import LOOPS
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def build_train_loop(self, loop):
                    if 'by_epoch' in loop:
                        return super().build_train_loop(loop)
                    args = {'runner': self, 'dataloader': self._train_dataloader}
                    return LOOPS.build(loop, default_args=args)
            """,
        ),
    ],
)
