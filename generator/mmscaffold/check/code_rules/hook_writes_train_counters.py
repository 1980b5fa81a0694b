"""A hook writes the counters of the train loop.

## Why it matters

The loop advances ``_epoch`` and ``_iter``, and ``Runner.resume`` restores them. A hook that
also writes them moves what everything else counts by: the label of the log, the ETA, the names
of checkpoints, the schedule of the learning rate, the shuffle of each epoch, and the end of
training.

## Symptoms

``Epoch(train)`` skips numbers and training ends early, or an epoch is repeated and
training never ends.

## Before -> after

Let a hook keep its own counter. To stop early, set ``runner.train_loop.stop_training = True``.

## Fix safety

There is no automatic fix: what the hook was meant to achieve has to be done in another way.

## Source in mmengine

mmengine/runner/loops.py, ``EpochBasedTrainLoop.run_epoch``; mmengine/runner/runner.py,
``Runner.resume``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.runner_code import runner_writes
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import HOOK
from mmscaffold.facts.runner import COUNTERS, TRAIN_LOOP_ATTRIBUTES

_COUNTERS = {f"{loop}.{name}" for loop in TRAIN_LOOP_ATTRIBUTES for name in COUNTERS}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each such statement."""
    for write in runner_writes(code):
        if write.path in _COUNTERS and write.view.inherits(HOOK):
            yield write.view.found(
                write.node,
                f"{write.view.name} writes runner.{write.path}, which everything counts by",
                "Let the hook keep its own counter; only the loop and resume write this one.",
            )


RULE = Rule(
    id="MMS237",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_epoch(self, runner):
                    self.epoch = runner.train_loop.epoch
            """,
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_epoch(self, runner):
                    runner.train_loop.stop_training = True
            """,
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def before_train(self, runner):
                    self._iter = runner.train_loop._iter
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_epoch(self, runner):
                    runner.train_loop._epoch += 1
            """,
            at=Spot(6, 9, 38),
            message="OwnHook writes runner.train_loop._epoch, which everything counts by",
            after="""
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_epoch(self, runner):
                    self.epoch = runner.train_loop.epoch
            """,
        ),
        Invalid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_epoch(self, runner):
                    loop = runner.train_loop
                    loop._iter = 0
            """,
            at=Spot(7, 9, 23),
            message="OwnHook writes runner.train_loop._iter, which everything counts by",
        ),
    ],
)
