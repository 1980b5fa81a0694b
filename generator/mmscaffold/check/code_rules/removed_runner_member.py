"""A hook or loop reads a member that the Runner of mmcv 1.x had, and mmengine's does not have.

## Why it matters

What a step returned, the batch and its number come to the methods of a hook as arguments; values
for the log go to the message hub; the optimizer is inside ``runner.optim_wrapper``.

## Symptoms

``AttributeError: 'Runner' object has no attribute 'outputs'``, when the hook runs.

## Before -> after

``runner.outputs`` is the argument ``outputs`` of ``after_train_iter``, ``runner.inner_iter`` is
``batch_idx``, ``runner.log_buffer.update(...)`` is ``runner.message_hub.update_scalar(...)``.

## Fix safety

There is no automatic fix for code. The line could not run before.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.__init__``; mmengine/hooks/hook.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import Code
from mmscaffold.check.code.runner_code import (
    all_classes,
    functions_of,
    runner_reads,
    runner_writes,
)
from mmscaffold.check.code.syntax import Function
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import BASE_LOOP, HOOK
from mmscaffold.facts.legacy import REMOVED_FROM_RUNNER


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each member that a class reads."""
    given = _given(code)
    for view in code.of_kind(HOOK, BASE_LOOP):
        told: set[str] = set()
        for function in functions_of(view):
            asked = _strings(function)
            for node, member in runner_reads(view, function):
                if member not in REMOVED_FROM_RUNNER or member in told | asked | given:
                    continue
                told.add(member)
                yield view.found(
                    node,
                    f"{view.name} reads runner.{member}, which mmengine's Runner does not have: "
                    "an AttributeError",
                    REMOVED_FROM_RUNNER[member],
                )


def _strings(function: Function) -> set[str]:
    """What a function may ask for with ``hasattr`` or ``getattr``."""
    return {
        one.value
        for one in ast.walk(function)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def _given(code: Code) -> frozenset[str]:
    """What code of the project gives its Runner itself."""
    runners = [view for view in all_classes(code) if view.is_runner]
    own = {name for view in runners for name in view.assigned}
    members = {function.name for view in runners for function in functions_of(view)}
    return frozenset(own | members | {write.path for write in runner_writes(code)})


RULE = Rule(
    id="MMS252",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
                    runner.message_hub.update_scalar('train/my_loss', outputs['loss'])
            """,
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def before_train(self, runner):
                    runner.optimizer = runner.optim_wrapper.optimizer

                def after_train_epoch(self, runner):
                    print(runner.optimizer.param_groups[0]['lr'])
            """,
            because="It sets it itself.",
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
                    if hasattr(runner, 'outputs'):
                        outputs = runner.outputs
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
                    print(runner.outputs['loss'])
            """,
            at=Spot(6, 15, 29),
            message=(
                "MyHook reads runner.outputs, which mmengine's Runner does not have: an "
                "AttributeError"
            ),
            after="""
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
                    print(outputs['loss'])
            """,
        ),
        Invalid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_epoch(self, runner):
                    log = runner.log_buffer
                    log.update({'epoch_done': 1.0})
            """,
            at=Spot(6, 15, 32),
            message=(
                "MyHook reads runner.log_buffer, which mmengine's Runner does not have: an "
                "AttributeError"
            ),
        ),
    ],
)
