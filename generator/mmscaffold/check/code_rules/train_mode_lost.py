"""A train loop does not put the model back into training mode.

## Why it matters

A validation leaves the model in evaluation mode: dropout does nothing and batch norm uses its
running statistics. mmengine's train loops call ``model.train()`` at the start of each epoch, or
of each iteration.

## Symptoms

There is no error and no difference in the log. From the second epoch on, after the first
validation, the model is trained in evaluation mode, and its results are worse.

## Before -> after

Call ``self.runner.model.train()`` after the hook ``before_train_epoch``.

## Fix safety

There is no automatic fix: a model that freezes parts of itself does so in its own ``train()``,
which the call respects. Expect different results, as dropout and batch norm become active again.

## Source in mmengine

mmengine/runner/loops.py, ``ValLoop.run`` and ``EpochBasedTrainLoop.run_epoch``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.loops import (
    Fault,
    node_of,
    own_faults,
    train_step_loops,
    training_flow,
)
from mmscaffold.check.code.steps import ModeChange, Validation
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each loop that trains on in evaluation mode."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    if flow is None or flow.is_opaque:
        return
    batches = train_step_loops(flow)
    validations = [
        step
        for step in flow.all(Validation)
        if step.loops and step.loops == batches[: len(step.loops)]
    ]
    if not validations:
        return
    # Training mode has to come back in the same round that lost it.
    around = validations[0].loops
    comes_back = flow.all(ModeChange(training=True))
    if not any(step.loops[: len(around)] == around for step in comes_back):
        yield Fault(
            "mode",
            node_of(view, "run_epoch", "run"),
            f"{view.name} does not call model.train() in each round, and the validation leaves "
            "the model in evaluation mode",
            "Call self.runner.model.train() after the hook before_train_epoch.",
        )


RULE = Rule(
    id="MMS217",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            at=Spot(6, 5, 18),
            message=(
                "MyLoop does not call model.train() in each round, and the validation leaves "
                "the model in evaluation mode"
            ),
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
        ),
    ],
)
