"""A hook takes steps of training of its own, or steps the optimizer beside its wrapper.

## Why it matters

The loop counts its own steps alone. What a hook trains beside them moves the weights, and neither
``_iter`` nor a schedule knows of it. ``OptimWrapper`` scales losses, accumulates gradients and
zeroes them; an optimizer that is stepped directly applies gradients that are not whole, or twice.

## Symptoms

There is no error. The model takes more steps than the log counts: the loss falls faster than it
should, or gets worse, and a rate that was tuned does not fit.

## Before -> after

Take all steps in ``train_step`` of the model, or in ``run_iter`` of a loop. To accumulate
gradients, write ``optim_wrapper = dict(accumulative_counts=4, ...)``.

## Fix safety

There is no automatic fix for code. Results change, as the model takes fewer steps.

## Source in mmengine

mmengine/optim/optimizer/optimizer_wrapper.py, ``update_params``; mmengine/hooks/hook.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import Code
from mmscaffold.check.code.runner_code import functions_of, runner_calls
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import HOOK
from mmscaffold.facts.runner import STEP_METHODS

_OF_MODEL = {f"model.{name}" for name, mode in STEP_METHODS.items() if mode == "train"}
_OF_OPTIMIZER = {
    f"optim_wrapper.{name}" for name in ("step", "update_params", "optimizer.step")
} | {"optimizer.step"}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each such call."""
    for view in code.of_kind(HOOK):
        for function in functions_of(view):
            for call, path in runner_calls(view, function):
                called = path.replace("model.module.", "model.")
                if called in _OF_MODEL:
                    what = "takes a step of training that the loop does not count"
                elif called in _OF_OPTIMIZER:
                    what = "steps the optimizer beside the loop"
                else:
                    continue
                yield view.found(
                    call,
                    f"{view.name} {what}: runner.{called}()",
                    "Take the steps in train_step of the model, or in run_iter of a loop.",
                )


RULE = Rule(
    id="MMS257",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_epoch(self, runner):
                    for group in runner.optim_wrapper.param_groups:
                        print(group['lr'])
            """,
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
                    self.optimizer.step()
            """,
            because="An optimizer of its own, for parameters of its own.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
                    runner.model.train_step(data_batch, runner.optim_wrapper)
            """,
            at=Spot(6, 9, 66),
            message=(
                "MyHook takes a step of training that the loop does not count: "
                "runner.model.train_step()"
            ),
        ),
        Invalid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
                    if batch_idx % 4 == 3:
                        runner.optim_wrapper.optimizer.step()
            """,
            at=Spot(7, 13, 50),
            message=(
                "MyHook steps the optimizer beside the loop: runner.optim_wrapper.optimizer.step()"
            ),
            after="""
            optim_wrapper = dict(type='OptimWrapper', accumulative_counts=4)
            """,
        ),
    ],
)
