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
from mmscaffold.check.code.aliases import aliases_in, written_out
from mmscaffold.check.code.runner_code import from_runner, functions_of, runner_names
from mmscaffold.check.code.syntax import Function
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import EPOCH_LOOP, HOOK

_BETWEEN_BATCHES = ("before_train_iter", "after_train_iter")


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
    names = runner_names(view, function)
    aliases = aliases_in(function)
    last = None
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
        if not isinstance(call.func, ast.Attribute):
            continue
        path = from_runner(written_out(call.func, aliases), names)
        if path in ("model.eval", "model.module.eval"):
            last = call
        elif call.func.attr == "train" or (
            path is None and call.func.attr not in ("eval", "val_step", "test_step")
        ):
            # What was not read may put it back.
            last = None if _may_set_mode(call, path) else last
    return last


def _may_set_mode(call: ast.Call, path: str | None) -> bool:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    is_own_method = path is None and isinstance(owner, ast.Name) and owner.id == "self"
    is_train = isinstance(call.func, ast.Attribute) and call.func.attr == "train"
    return is_train or is_own_method


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
