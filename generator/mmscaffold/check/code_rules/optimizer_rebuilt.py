"""A hook or loop replaces the optimizer and leaves the schedulers with the old one.

## Why it matters

A scheduler holds the optimizer wrapper that it was built with, and changes the learning rate of
its parameter groups step by step. ``Runner.train`` builds the wrapper first and the schedulers
from it. Code that builds a new one later, to unfreeze a layer or to begin a new stage, gets an
optimizer that no scheduler moves, and a wrapper that does not know the training length.

## Symptoms

If the wrapper is new, the learning rate in the log stays constant from the moment of the
change. With a new optimizer in the old wrapper, the rate jumps back to its initial value and
does not end where the schedule says.

## Before -> after

Add a parameter group to the existing optimizer,
``runner.optim_wrapper.optimizer.add_param_group(...)``; or rebuild the schedulers with it
(``runner.build_param_scheduler``), and call ``initialize_count_status``.

## Fix safety

There is no automatic fix: rebuilt schedulers start at their beginning, and which part of the
schedule should apply is up to the author.

## Source in mmengine

mmengine/optim/scheduler/param_scheduler.py, ``_ParamScheduler.__init__`` and ``step``;
mmengine/runner/runner.py, ``Runner.train``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.runner_code import runner_writes
from mmscaffold.check.code.syntax import Function
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid

_EFFECTS = {
    "optim_wrapper": "the schedulers keep changing the learning rate of the old one",
    "optim_wrapper.optimizer": "the schedulers continue from its learning rate, not from theirs",
}
# Here the schedulers are not built yet.
_EARLY = {"__init__", "train", "resume", "load_or_resume", "val", "test"}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each replacement without new schedulers."""
    for write in runner_writes(code):
        name = write.function.name
        if write.path not in _EFFECTS or name in _EARLY or name.startswith("build_"):
            continue
        if not _minds_schedulers(write.function):
            yield write.view.found(
                write.node,
                f"{write.view.name} replaces the Runner's {write.path}; {_EFFECTS[write.path]}",
                "Add a parameter group instead, or rebuild runner.param_schedulers as well.",
            )


def _minds_schedulers(function: Function) -> bool:
    return any(
        isinstance(node, ast.Attribute) and "scheduler" in node.attr for node in ast.walk(function)
    )


RULE = Rule(
    id="MMS234",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.hooks import Hook


            class UnfreezeHook(Hook):
                def before_train_epoch(self, runner):
                    runner.optim_wrapper.optimizer.add_param_group(self.group)
            """,
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class UnfreezeHook(Hook):
                def before_train_epoch(self, runner):
                    runner.optim_wrapper = runner.build_optim_wrapper(self.settings)
                    runner.param_schedulers = runner.build_param_scheduler(self.schedulers)
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
                    return super().train()
            """,
            because="As mmengine's own Runner does it.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.hooks import Hook


            class UnfreezeHook(Hook):
                def before_train_epoch(self, runner):
                    runner.optim_wrapper = runner.build_optim_wrapper(self.settings)
            """,
            at=Spot(6, 9, 73),
            message=(
                "UnfreezeHook replaces the Runner's optim_wrapper; the schedulers keep changing "
                "the learning rate of the old one"
            ),
            after="""
            from mmengine.hooks import Hook


            class UnfreezeHook(Hook):
                def before_train_epoch(self, runner):
                    runner.optim_wrapper.optimizer.add_param_group(self.group)
            """,
        ),
        Invalid(
            """
            import torch
            from mmengine.runner import EpochBasedTrainLoop


            class StageLoop(EpochBasedTrainLoop):
                def run_epoch(self):
                    wrapper = self.runner.optim_wrapper
                    wrapper.optimizer = torch.optim.SGD(self.runner.model.parameters(), 0.1)
                    super().run_epoch()
            """,
            at=Spot(8, 9, 81),
            message=(
                "StageLoop replaces the Runner's optim_wrapper.optimizer; the schedulers continue "
                "from its learning rate, not from theirs"
            ),
        ),
    ],
)
