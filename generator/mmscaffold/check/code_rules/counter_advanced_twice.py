"""A train loop advances a counter more than once in a round.

A typical way to count twice: ``super().run_epoch()`` advances ``_epoch`` already, and the
override advances it again.

## Why it matters

``_iter`` counts batches and ``_epoch`` counts epochs, by one each. The end of training, the ETA,
schedules and the names of checkpoints all rely on it.

## Symptoms

With ``_epoch`` counted twice, the log says train[1], train[3], and half the epochs are trained.
With ``_epoch`` advanced with each batch, the first epoch ends training. With ``_epoch`` computed
from ``_iter`` behind each batch, the first checkpoint is epoch_2.pth, and the last epoch is not
trained. With ``_iter``
counted twice, the ETA is negative from the halfway point on, and schedules by iteration reach
their end halfway; counted in samples, sooner still.

## Before -> after

Remove one of the two. Where ``super().run_epoch()`` or ``super().run_iter()`` is called, the
counter has been advanced.

## Fix safety

There is no automatic fix: which of the two should go is up to the author. Checkpoints that
were written before have the doubled numbers inside.

## Source in mmengine

mmengine/runner/loops.py, ``EpochBasedTrainLoop.run_epoch`` and ``run_iter``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code, Flow, Step
from mmscaffold.check.code.loops import (
    Fault,
    epoch_taken_from_iterations,
    hook_is_repeated,
    own_faults,
    train_step_loops,
    training_flow,
)
from mmscaffold.check.code.steps import Advance, HookCall
from mmscaffold.check.code.syntax import names_in
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import COUNTERS

_OF_THE_DATALOADER = {"dataloader", "train_dataloader"}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each counter that runs ahead."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    if flow is None:
        return
    for counter in COUNTERS:
        steps = flow.all(Advance(counter))
        for step in steps:
            what = _what_is_wrong(flow, step, steps, counter, view)
            if what is not None:
                yield Fault(
                    counter,
                    step.node,
                    f"{view.name} advances self.{counter} {what}",
                    "Advance it once, by one; super() may have done so already.",
                )
                break
    yield from _taken_and_advanced(view, flow)


def _taken_and_advanced(view: ClassView, flow: Flow) -> Iterator[Fault]:
    """``_epoch`` that each batch computes from ``_iter``, and the end of the epoch advances."""
    taken = epoch_taken_from_iterations(flow) if view.counts_epochs else None
    if taken is None:
        return
    if any(
        not step.optional and step.loops == taken.loops[:-1]
        for step in flow.all(Advance("_epoch"))
    ):
        yield Fault(
            "taken",
            taken.node,
            f"{view.name} sets self._epoch to the next epoch with the last batch of each, and "
            "advances it again at the end of the epoch",
            "Leave self._epoch to the end of the epoch.",
        )


def _what_is_wrong(
    flow: Flow, step: Step, steps: list[Step], counter: str, view: ClassView
) -> str | None:
    first = next(one for one in steps if one is step or hook_is_repeated(one, step))
    if first is not step and not step.optional:
        return f"twice in a round (also in line {getattr(first.node, 'lineno', '?')})"
    if step.amount is not None and step.amount > 1:
        return f"by {step.amount}"
    added = _added(step.node)
    if added is not None and _is_number_of_samples(added):
        return "by the number of samples"
    batches = train_step_loops(flow)
    if counter == "_epoch" and view.counts_epochs and not step.optional:
        inside_epoch = len(batches) > 1 and step.loops[: len(batches)] == batches
        return "with each batch" if inside_epoch else None
    if counter == "_epoch" and view.counts_epochs and len(step.loops) > 1:
        # Below a condition of its own, such as the last batch: and once more behind the epoch.
        again = [one for one in steps if not one.optional and one.loops == step.loops[:-1]]
        if again and step.loops == batches:
            return "among the batches, and again at the end of the epoch"
    if counter == "_iter" and batches and not step.optional and len(steps) == 1:
        # Several steps of training may make up one iteration: the hook tells what it is.
        hooks = flow.loops_around(HookCall("after_train_iter"))
        inner = min(batches, hooks or batches, key=len)
        around = step.loops != inner and step.loops == inner[: len(step.loops)]
        return "once for many batches" if around and step.amount is not None else None
    return None


def _added(node: ast.AST) -> ast.expr | None:
    """What ``x += added`` or ``x = x + added`` adds."""
    if isinstance(node, ast.AugAssign):
        return node.value
    value = node.value if isinstance(node, ast.Assign) else None
    return value.right if isinstance(value, ast.BinOp) else None


def _is_number_of_samples(value: ast.expr) -> bool:
    names = names_in(value)
    return bool(names & {"batch_size", "len", "num_samples"}) and not names & _OF_THE_DATALOADER


RULE = Rule(
    id="MMS205",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    runner = self.runner
                    runner.call_hook('before_train_iter', batch_idx=idx, data_batch=data_batch)
                    for _ in range(5):
                        outputs = runner.model.train_step(data_batch, runner.optim_wrapper)
                    runner.call_hook(
                        'after_train_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs)
                    self._iter += 1
            """,
            because="Several steps of one model make up an iteration.",
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    super().run_epoch()
                    print('done')
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    if idx % 2:
                        super().run_iter(idx, data_batch)
                    else:
                        super().run_iter(idx, data_batch)
            """,
            because="Only one of the two runs.",
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    self._epoch = self._iter // len(self.dataloader)
                    super().run_iter(idx, data_batch)
            """,
            because="Before the batch is counted, that is the epoch that it belongs to.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    super().run_iter(idx, data_batch)
                    if idx == len(self.dataloader) - 1:
                        self._epoch += 1
            """,
            at=Spot(9, 13, 29),
            message=(
                "MyLoop advances self._epoch among the batches, and again at the end of the epoch"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    super().run_epoch()
                    self._epoch += 1
            """,
            at=Spot(8, 9, 25),
            message="MyLoop advances self._epoch twice in a round (also in line 7)",
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    super().run_epoch()
            """,
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    super().run_iter(idx, data_batch)
                    self._epoch += 1
            """,
            at=Spot(8, 9, 25),
            message="MyLoop advances self._epoch with each batch",
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    super().run_iter(idx, data_batch)
                    self._iter += 1
            """,
            at=Spot(8, 9, 24),
            message="MyLoop advances self._iter twice in a round (also in line 7)",
        ),
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
                    self._iter += len(data_batch['inputs'])
            """,
            at=Spot(12, 9, 48),
            message="MyLoop advances self._iter by the number of samples",
            because="An iteration is a batch.",
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    super().run_iter(idx, data_batch)
                    self._epoch = self._iter // len(self.dataloader)
            """,
            at=Spot(8, 9, 57),
            message=(
                "MyLoop sets self._epoch to the next epoch with the last batch of each, and "
                "advances it again at the end of the epoch"
            ),
        ),
    ],
)
