"""An epoch of a train loop is not one pass over its dataloader.

It stops before the dataloader ends, goes through it several times, or trains a number of
iterations that has nothing to do with it.

## Why it matters

Such a loop leaves ``_max_iters`` at ``max_epochs * len(self.dataloader)``, and
``len(self.dataloader)`` is also what the log prints as the length of an epoch.

## Symptoms

With fewer iterations than ``max_iters`` says, the ETA never reaches zero and a schedule by
iteration never reaches its end; with more passes the ETA is negative from some point on. The
log says [2/4] at the last iteration of an epoch.

## Before -> after

Set ``self._max_iters`` to the number of iterations that really run. To train on part of the data,
give the dataset ``indices``, or train by iterations with ``IterBasedTrainLoop``.

## Fix safety

There is no automatic fix: only the author knows which of the two lengths is intended.

## Source in mmengine

mmengine/runner/loops.py, ``EpochBasedTrainLoop.__init__`` and ``run_epoch``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code, Flow, Step
from mmscaffold.check.code.counted_rounds import rounds_by_number
from mmscaffold.check.code.loops import Fault, own_faults, sets_its_own_length, training_flow
from mmscaffold.check.code.steps import TRAIN_STEP, Advance, Break, DataPass
from mmscaffold.check.code.syntax import names_in
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid

# What ends the whole training, not an epoch alone.
_ENDS_TRAINING = {"stop_training", "max_iters", "_max_iters"}
_HINT = "Set self._max_iters to the number of iterations that really run."


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each epoch that is shorter or longer than its dataloader."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    if flow is None or not view.counts_epochs or sets_its_own_length(view):
        return
    passes = [step for step in flow.all(DataPass) if _trains_within(flow, step)]
    part = next((step for step in passes if step.is_a(DataPass(whole=False))), None)
    cut = next((step for one in passes for step in _breaks(flow, one)), None)
    again = [
        one
        for one in passes[1:]
        if one.loops[:-1] == passes[0].loops[:-1] and not one.excludes(passes[0])
    ]
    if part is not None or cut is not None:
        step = part or cut
        assert step is not None
        message = f"{view.name} ends an epoch before its dataloader does, but _max_iters counts "
        yield Fault("part", step.node, message + "whole epochs", _HINT)
    elif again:
        message = f"{view.name} goes through its dataloader {len(again) + 1} times in an epoch, "
        yield Fault("again", again[0].node, message + "but _max_iters counts one", _HINT)
    else:
        nested = next((one for one in passes if _is_repeated(flow, one)), None)
        if nested is not None:
            message = f"{view.name} goes through its dataloader several times in an epoch, "
            yield Fault("again", nested.node, message + "but _max_iters counts one", _HINT)
        for number in rounds_by_number(view):
            message = f"{view.name} trains {ast.unparse(number)} iterations in an epoch, but "
            yield Fault(
                "number", number, message + "_max_iters counts len(self.dataloader)", _HINT
            )


def _is_repeated(flow: Flow, step: Step) -> bool:
    """Whether there is a loop around a pass that is not the one over epochs."""
    epochs = flow.first(Advance("_epoch"))
    around = step.loops[:-1]
    return (
        epochs is not None
        and len(around) > len(epochs.loops)
        and around[: len(epochs.loops)] == epochs.loops
    )


def _trains_within(flow: Flow, step: Step) -> bool:
    loop = step.loops[-1]
    return any(one.is_a(TRAIN_STEP) for one in flow.in_loop(loop))


def _breaks(flow: Flow, step: Step) -> Iterator[Step]:
    for one in flow.all(Break):
        names = {name for test in one.tests for name in names_in(test)}
        if one.loops == step.loops and not names & _ENDS_TRAINING:
            yield one


RULE = Rule(
    id="MMS209",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from itertools import islice

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
            from itertools import islice

            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                        if self.stop_training:
                            break
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            because="It ends training, not just an epoch.",
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    batches = iter(self.dataloader)
                    steps = len(self.dataloader)
                    for idx in range(steps):
                        self.run_iter(idx, next(batches))
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            because="The number is that of the batches.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from itertools import islice

            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, data_batch in enumerate(islice(self.dataloader, 100)):
                        self.run_iter(idx, data_batch)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            at=Spot(11, 9, 71),
            message=(
                "MyLoop ends an epoch before its dataloader does, but _max_iters counts whole "
                "epochs"
            ),
            after="""
            from itertools import islice

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
            from itertools import islice

            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, data_batch in enumerate(self.dataloader):
                        if idx >= self.most:
                            break
                        self.run_iter(idx, data_batch)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            at=Spot(13, 17, 22),
            message=(
                "MyLoop ends an epoch before its dataloader does, but _max_iters counts whole "
                "epochs"
            ),
        ),
        Invalid(
            """
            from itertools import cycle

            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, steps):
                    super().__init__(runner, dataloader, max_epochs)
                    self.steps = steps

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    batches = cycle(self.dataloader)
                    for idx in range(self.steps):
                        self.run_iter(idx, next(batches))
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            at=Spot(16, 26, 36),
            message=(
                "MyLoop trains self.steps iterations in an epoch, but _max_iters counts "
                "len(self.dataloader)"
            ),
            after="""
            from itertools import cycle

            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, steps):
                    super().__init__(runner, dataloader, max_epochs)
                    self.steps = steps
                    self._max_iters = max_epochs * steps

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    batches = cycle(self.dataloader)
                    for idx in range(self.steps):
                        self.run_iter(idx, next(batches))
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
        ),
    ],
)
