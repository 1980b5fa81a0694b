"""A train loop trains with every batch, and counts only some of them as iterations.

Gradient accumulation written by hand is the usual reason: ``if idx % 4 == 3: self._iter += 1``.

## Why it matters

``_max_iters`` counts batches, and so do ``batch_idx``, the ETA, schedules by iteration and the
interval of the log. mmengine's ``OptimWrapper(accumulative_counts=4)`` accumulates gradients and
lets each batch be an iteration.

## Symptoms

The ETA stays far too long and never reaches zero; a schedule by iteration never reaches its end.

## Before -> after

Write ``self._iter += 1`` for each batch, and ``accumulative_counts=4`` in ``optim_wrapper``.

## Fix safety

There is no automatic fix for code: schedules by iteration then have as many more steps.

## Source in mmengine

mmengine/runner/loops.py, ``run_iter``; mmengine/optim/optimizer/optimizer_wrapper.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code, Step
from mmscaffold.check.code.loops import (
    Fault,
    own_faults,
    sets_its_own_length,
    train_step_loops,
    training_flow,
)
from mmscaffold.check.code.steps import TRAIN_STEP, Advance
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each loop that leaves iterations out."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    if flow is None or flow.is_opaque or sets_its_own_length(view):
        return
    advances = flow.all(Advance("_iter"))
    steps = flow.all(TRAIN_STEP)
    batches = train_step_loops(flow)
    if not advances or any(not _is_rarer(one, steps, batches) for one in advances):
        return
    if any(one.excludes(other) for one in advances for other in advances):
        # Each arm counts.
        return
    yield Fault(
        "_iter",
        advances[0].node,
        f"{view.name} advances self._iter only under a condition, but trains with each batch",
        "Advance it by one for each batch; optim_wrapper accumulates with accumulative_counts.",
    )


def _is_rarer(advance: Step, steps: list[Step], batches: tuple[int, ...]) -> bool:
    """Whether a counter advances in an arm of a branch in which no step is taken."""
    if not advance.optional or advance.loops != batches:
        return False
    return all(set(advance.arms) - set(step.arms) for step in steps)


RULE = Rule(
    id="MMS256",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    if data_batch is None:
                        return
                    super().run_iter(idx, data_batch)
            """,
            because="What it skips is neither trained nor counted.",
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    runner = self.runner
                    runner.call_hook('before_train_iter', batch_idx=idx, data_batch=data_batch)
                    outputs = runner.model.train_step(data_batch, runner.optim_wrapper)
                    runner.call_hook(
                        'after_train_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs)
                    if outputs['loss'] > 100:
                        runner.logger.warning('a high loss')
                    self._iter += 1
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    runner = self.runner
                    runner.call_hook('before_train_iter', batch_idx=idx, data_batch=data_batch)
                    outputs = runner.model.train_step(data_batch, runner.optim_wrapper)
                    runner.call_hook(
                        'after_train_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs)
                    if idx % 4 == 3:
                        self._iter += 1
            """,
            at=Spot(13, 13, 28),
            message=(
                "MyLoop advances self._iter only under a condition, but trains with each batch"
            ),
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    runner = self.runner
                    runner.call_hook('before_train_iter', batch_idx=idx, data_batch=data_batch)
                    outputs = runner.model.train_step(data_batch, runner.optim_wrapper)
                    runner.call_hook(
                        'after_train_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs)
                    self._iter += 1
            """,
        ),
    ],
)
