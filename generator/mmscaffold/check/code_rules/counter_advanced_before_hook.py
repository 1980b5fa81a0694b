"""A train loop advances a counter before the hooks of what has just been done.

## Why it matters

In ``after_train_iter`` hooks take ``runner.iter`` for the iteration that has just run, counted
from 0, and in ``after_train_epoch`` they take ``runner.epoch`` for the epoch that has just run.
They add the 1 themselves. So the counters move after these hooks.

## Symptoms

With ``_epoch`` advanced at the start of an epoch, the log says train[2] first, and the first
checkpoint is epoch_2.pth, the last one past the end; with its last batch, the same checkpoints.
With ``_iter`` advanced before its hook, iterations in the scalars are one ahead, and what happens
every n iterations happens one too early.

## Before -> after

Call the hook first, then advance the counter.

## Fix safety

There is no automatic fix: the statement has to be moved by hand. The names of new checkpoints
change with it, by one.

## Source in mmengine

mmengine/hooks/hook.py, ``every_n_train_iters`` and ``every_n_epochs``; mmengine/runner/loops.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.loops import (
    Fault,
    epoch_taken_from_iterations,
    own_faults,
    train_step_loops,
    training_flow,
)
from mmscaffold.check.code.steps import Advance, HookCall
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import COUNTERS, HOOK_BEFORE_ADVANCE

_OF = {"_epoch": "epoch", "_iter": "iteration"}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each counter that moves too early."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    if flow is None:
        return
    for counter in COUNTERS:
        hook = HOOK_BEFORE_ADVANCE[counter]
        steps = flow.all(Advance(counter))
        among = train_step_loops(flow)
        taken = epoch_taken_from_iterations(flow) if counter == "_epoch" else None
        steps += [taken] if taken is not None else []
        if len(steps) != 1 or (counter == "_epoch" and not view.counts_epochs):
            continue
        [step] = steps
        # With the last batch is still before the hook of its epoch; with each is MMS205's.
        with_last = counter == "_epoch" and (step.optional or step is taken)
        levels = {step.loops, among[:-1]} if with_last and step.loops == among else {step.loops}
        after = [
            one
            for one in flow.all(HookCall(hook))
            if one.loops in levels and not one.excludes(step)
        ]
        if after and flow.position(step) < min(flow.position(one) for one in after):
            yield Fault(
                counter,
                step.node,
                f"{view.name} advances self.{counter} before the hook {hook}, which takes it for "
                f"the number of the {_OF[counter]} that has just ended",
                f"Call the hook {hook} first."
                if after[0].loops == step.loops
                else f"Advance self.{counter} at the end of the epoch, behind that hook.",
            )


RULE = Rule(
    id="MMS206",
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
                    self._epoch += 1
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    self.runner.call_hook('after_train_epoch')
            """,
            at=Spot(7, 9, 25),
            message=(
                "MyLoop advances self._epoch before the hook after_train_epoch, which takes it "
                "for the number of the epoch that has just ended"
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
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    self._epoch += 1
                    self.runner.call_hook('after_train_epoch')
            """,
            at=Spot(11, 9, 25),
            message=(
                "MyLoop advances self._epoch before the hook after_train_epoch, which takes it "
                "for the number of the epoch that has just ended"
            ),
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
                        self._epoch = self._iter // len(self.dataloader)
                    self.runner.call_hook('after_train_epoch')
            """,
            at=Spot(11, 13, 61),
            message=(
                "MyLoop advances self._epoch before the hook after_train_epoch, which takes it "
                "for the number of the epoch that has just ended"
            ),
            because="With the last batch, that is the next epoch.",
        ),
    ],
)
