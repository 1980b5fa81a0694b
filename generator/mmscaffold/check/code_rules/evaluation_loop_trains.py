"""A validation or test loop takes steps of training.

## Why it matters

What such a loop trains on is the data of validation or test: the scores that it reports are of
data that the model has seen. Loops that search or calibrate do so on purpose.

## Symptoms

Scores that are too good to be true, and that do not hold on other data. The weights change between
the last batch of training and the checkpoint.

## Before -> after

Take ``val_step`` or ``test_step``, under ``torch.no_grad()``; or move the training to a train
loop, with data of its own.

## Fix safety

There is no automatic fix: the training may be intended.

## Source in mmengine

mmengine/runner/loops.py, ``ValLoop.run_iter`` and ``TestLoop.run_iter``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code, flow_of
from mmscaffold.check.code.loops import Fault, own_faults
from mmscaffold.check.code.steps import TRAIN_STEP
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import TEST_LOOP, VAL_LOOP


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each such loop."""
    yield from own_faults(code.of_kind(VAL_LOOP, TEST_LOOP), _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    if view.is_train_loop:
        return
    step = flow_of(view).first(TRAIN_STEP)
    if step is not None:
        data = "validation" if view.inherits(VAL_LOOP) else "test"
        yield Fault(
            "trains",
            step.node,
            f"{view.name} takes steps of training in a loop over the data of the {data}",
            "Take val_step or test_step there; train in a train loop, on data of its own.",
        )


RULE = Rule(
    id="MMS246",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import ValLoop


            class OwnLoop(ValLoop):

                def run_iter(self, idx, data_batch):
                    self.outputs = self.runner.model.val_step(data_batch)
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop, ValLoop


            class OwnTrainLoop(EpochBasedTrainLoop):

                def train_once(self, data_batch):
                    return self.runner.model.train_step(data_batch, self.runner.optim_wrapper)


            class OwnLoop(ValLoop):
                pass
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import ValLoop


            class OwnLoop(ValLoop):

                def run_iter(self, idx, data_batch):
                    self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
                    super().run_iter(idx, data_batch)
            """,
            at=Spot(7, 9, 76),
            message="OwnLoop takes steps of training in a loop over the data of the validation",
            after="""
            from mmengine.runner import ValLoop


            class OwnLoop(ValLoop):

                def run_iter(self, idx, data_batch):
                    super().run_iter(idx, data_batch)
            """,
        ),
        Invalid(
            """
            from mmengine.runner import TestLoop


            class OwnLoop(TestLoop):

                def run(self):
                    for data_batch in self.dataloader:
                        loss = self.runner.model(**data_batch, mode='loss')['loss']
                        self.runner.optim_wrapper.update_params(loss)
                    return super().run()
            """,
            at=Spot(9, 13, 58),
            message="OwnLoop takes steps of training in a loop over the data of the test",
        ),
    ],
)
