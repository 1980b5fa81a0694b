"""The model is put into evaluation mode between two batches, and not back into training mode.

## Why it matters

``EpochBasedTrainLoop`` calls ``model.train()`` once, at the start of an epoch. What a hook or
``run_iter`` leaves in evaluation mode is trained so until the epoch ends.

## Symptoms

There is no error and no difference in the log. Dropout does nothing and batch norm uses its
running statistics from that batch on; results are worse.

## Before -> after

Call ``runner.model.train()`` afterwards, or keep the mode: ``was = runner.model.training``,
``runner.model.train(was)``.

## Fix safety

There is no automatic fix for code. Expect different results, as dropout and batch norm become
active again.

## Source in mmengine

mmengine/runner/loops.py, ``EpochBasedTrainLoop.run_epoch``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.runner_code import functions_of, runner_calls
from mmscaffold.check.code.syntax import Function, is_name, self_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import EPOCH_LOOP, HOOK

_BETWEEN_BATCHES = ("before_train_iter", "after_train_iter")
_EVAL = ("model.eval", "model.module.eval")


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each method that leaves the model in evaluation mode."""
    for view in code.of_kind(HOOK, EPOCH_LOOP):
        wanted = ("run_iter",) if view.inherits(EPOCH_LOOP) else _BETWEEN_BATCHES
        for function in functions_of(view):
            if function.name not in wanted:
                continue
            node = _left(view, function)
            if node is not None:
                yield view.found(
                    node,
                    f"{view.name} leaves the model in evaluation mode for the rest of the epoch",
                    "Call runner.model.train() afterwards.",
                )


def _left(view: ClassView, function: Function) -> ast.Call | None:
    """The last ``eval()`` of the model that nothing may undo afterwards."""
    evals = [call for call, path in runner_calls(view, function) if path in _EVAL]
    evals += _of_helpers(view, function)
    if not evals:
        return None
    last = max(evals, key=lambda call: (call.lineno, call.col_offset))
    undone = any(
        (one.lineno, one.col_offset) > (last.lineno, last.col_offset)
        and (one.func.attr == "train" or is_name(one.func.value, self_name(function)))
        for one in ast.walk(function)
        # A method of its own may put it back.
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)
    )
    return None if undone else last


def _of_helpers(view: ClassView, function: Function) -> list[ast.Call]:
    """The calls of methods of its own that put the model into evaluation mode, and not back."""
    me = self_name(function)
    return [
        call
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and is_name(call.func.value, me)
        and (helper := view.own_methods.get(call.func.attr)) is not None
        and helper is not function
        and _leaves_itself(view, helper)
    ]


def _leaves_itself(view: ClassView, helper: Function) -> bool:
    """Whether a method sets evaluation mode, and calls nothing that could set the other."""
    names = {
        one.func.attr
        for one in ast.walk(helper)
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)
    }
    own = any(
        is_name(one.func.value, self_name(helper))
        for one in ast.walk(helper)
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)
    )
    sets = any(path in _EVAL for _, path in runner_calls(view, helper))
    return sets and "train" not in names and not own


RULE = Rule(
    id="MMS259",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
                    runner.model.eval()
                    runner.model.val_step(data_batch)
                    runner.model.train()
            """,
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_epoch(self, runner):
                    runner.model.eval()
                    self.report(runner)
            """,
            because="The next epoch begins with model.train().",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
                    if self.every_n_train_iters(runner, 100):
                        runner.model.eval()
                        runner.model.val_step(data_batch)
            """,
            at=Spot(7, 13, 32),
            message="MyHook leaves the model in evaluation mode for the rest of the epoch",
            after="""
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
                    if self.every_n_train_iters(runner, 100):
                        runner.model.eval()
                        runner.model.val_step(data_batch)
                        runner.model.train()
            """,
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    super().run_iter(idx, data_batch)
                    model = self.runner.model
                    model.eval()
                    model.val_step(data_batch)
            """,
            at=Spot(9, 9, 21),
            message="MyLoop leaves the model in evaluation mode for the rest of the epoch",
        ),
    ],
)
