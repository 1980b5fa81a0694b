"""A train loop never advances one of its counters.

Counting in a local variable, or in ``self.runner._epoch``, advances nothing.

## Why it matters

Everything that tracks progress reads ``_epoch`` and ``_iter``: logs, ETA, checkpoints, samplers,
schedules of hooks. A loop that overrides ``run``, ``run_epoch`` or ``run_iter`` has to advance
them itself: ``self._iter += 1`` after each batch, ``self._epoch += 1`` after each epoch.

## Symptoms

Without ``_epoch``, a loop that waits for it to reach ``_max_epochs``, as mmengine's ``run``
does, repeats the first epoch: training never ends and never validates. A loop that counts
in another way does end, and the log says train[1], then val[0], over and over, which looks as if
the epoch decreased; the same checkpoint epoch_1.pth is written again and again. Without ``_iter``,
the epochs look right, the ETA keeps growing, and checkpoints have iter 0 inside.

## Before -> after

Add ``self._iter += 1`` after the hook ``after_train_iter``, and ``self._epoch += 1`` after the
hook ``after_train_epoch``.

## Fix safety

There is no automatic fix: where the counter has to advance depends on the loop. Once it does,
schedules and checkpoints follow it, so a run that was started without it cannot be resumed
meaningfully.

## Source in mmengine

mmengine/runner/loops.py, ``EpochBasedTrainLoop.run_epoch`` and ``run_iter``;
mmengine/runner/log_processor.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.loops import (
    RESUME_HINT,
    Fault,
    node_of,
    own_faults,
    starts_over,
    train_step_loops,
    training_flow,
)
from mmscaffold.check.code.properties import getter
from mmscaffold.check.code.steps import Advance, Assignment, LoopVariable
from mmscaffold.check.code.syntax import assigned_names, class_body
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import COUNTERS, HOOK_BEFORE_ADVANCE


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each counter that stands still."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    if flow is None or flow.is_opaque:
        return
    for counter in COUNTERS:
        if flow.has(Advance(counter), Assignment(counter), LoopVariable(counter)):
            continue
        if not view.sets(counter[1:]) or counter[1:] in view.assigned:
            # There is no such progress, or it is kept elsewhere: other rules say so.
            continue
        if _reads_another(view, counter) or (counter == "_epoch" and not _has_epochs(view)):
            continue
        yield Fault(
            counter,
            node_of(view, "run_iter" if counter == "_iter" else "run_epoch", "run"),
            f"{view.name} trains but never advances self.{counter}",
            f"Write self.{counter} += 1 after the hook {HOOK_BEFORE_ADVANCE[counter]}."
            + (RESUME_HINT if starts_over(view, flow) else ""),
        )


def _has_epochs(view: ClassView) -> bool:
    """Whether it goes through its data several times: one shot has no epochs to count."""
    flow = training_flow(view)
    return flow is not None and view.counts_epochs and len(train_step_loops(flow)) > 1


def _reads_another(view: ClassView, counter: str) -> bool:
    """Whether the property of a counter has its value from somewhere else."""
    name = counter[1:]
    found = getter(view, name) or view.method(name)
    if found is None:
        # A property of which the code was not read may well do so.
        return any(
            name in assigned_names(node)
            for definition in view.own_lineage
            for node in class_body(definition.node)
        )
    return not any(
        isinstance(node, ast.Attribute) and node.attr == counter for node in ast.walk(found[-1])
    )


RULE = Rule(
    id="MMS204",
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
                    self._epoch = self._epoch + 1
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    self.runner.call_hook(
                        'before_train_iter', batch_idx=idx, data_batch=data_batch)
                    outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
                    self.runner.call_hook(
                        'after_train_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs)
                    self._iter += 1
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
                    self.runner.model.train()
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    self.runner.call_hook('after_train_epoch')
            """,
            at=Spot(6, 5, 18),
            message="MyLoop trains but never advances self._epoch",
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
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    self.runner.call_hook('after_train_epoch')
                    self.runner._epoch += 1
            """,
            at=Spot(6, 5, 18),
            message="MyLoop trains but never advances self._epoch",
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    self.runner.call_hook(
                        'before_train_iter', batch_idx=idx, data_batch=data_batch)
                    outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
                    self.runner.call_hook(
                        'after_train_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs)
            """,
            at=Spot(6, 5, 17),
            message="MyLoop trains but never advances self._iter",
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    self.runner.call_hook(
                        'before_train_iter', batch_idx=idx, data_batch=data_batch)
                    outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
                    self.runner.call_hook(
                        'after_train_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs)
                    self._iter += 1
            """,
        ),
    ],
)
