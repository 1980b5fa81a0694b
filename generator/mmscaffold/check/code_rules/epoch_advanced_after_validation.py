"""A train loop advances ``_epoch`` only after the validation.

## Why it matters

While training, the log prints ``runner.epoch + 1``; while validating it prints
``runner.epoch``, the number of finished epochs. So ``_epoch`` has to move between the two.

## Symptoms

In short, the log says train[1], val[0], then train[2], val[1]: each validation is labelled one
epoch too low. The best checkpoint is named accordingly (best_..._epoch_0.pth), and with
``val_interval`` 2 the wrong epochs are validated.

## Before -> after

Write ``self._epoch += 1`` right after the hook ``after_train_epoch``, before the validation.

## Fix safety

There is no automatic fix: the statement has to be moved by hand. A condition that was adjusted
to the late counter, such as ``(self._epoch + 1) % self.val_interval``, has to change with it.

## Source in mmengine

mmengine/runner/log_processor.py, ``LogProcessor._get_epoch``; mmengine/runner/loops.py,
``EpochBasedTrainLoop.run``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.loops import Fault, own_faults, training_flow
from mmscaffold.check.code.steps import Advance, Validation
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each loop that validates before it counts."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    if flow is None or not view.counts_epochs:
        return
    steps = flow.all(Advance("_epoch"))
    if len(steps) != 1:
        return
    [step] = steps
    before = [
        one
        for one in flow.all(Validation)
        if one.loops == step.loops and one.loops and not one.excludes(step)
    ]
    if before and flow.position(before[0]) < flow.position(step):
        yield Fault(
            "order",
            step.node,
            f"{view.name} validates before it advances self._epoch: the log says val[n - 1], and "
            "so does the name of the best checkpoint",
            "Advance self._epoch after the hook after_train_epoch, before the validation.",
        )


RULE = Rule(
    id="MMS207",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.call_hook('before_train')
                    while self._epoch < self._max_epochs and not self.stop_training:
                        self.runner.call_hook('before_train_epoch')
                        self.runner.model.train()
                        for idx, data_batch in enumerate(self.dataloader):
                            self.run_iter(idx, data_batch)
                        self.runner.call_hook('after_train_epoch')
                        self._epoch += 1
                        if (self.runner.val_loop is not None and self._epoch >= self.val_begin
                                and self._epoch % self.val_interval == 0):
                            self.runner.val_loop.run()
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.call_hook('before_train')
                    while self._epoch < self._max_epochs and not self.stop_training:
                        self.runner.call_hook('before_train_epoch')
                        self.runner.model.train()
                        for idx, data_batch in enumerate(self.dataloader):
                            self.run_iter(idx, data_batch)
                        self.runner.call_hook('after_train_epoch')
                        if (self.runner.val_loop is not None and self._epoch >= self.val_begin
                                and self._epoch % self.val_interval == 0):
                            self.runner.val_loop.run()
                        self._epoch += 1
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
            at=Spot(17, 13, 29),
            message=(
                "MyLoop validates before it advances self._epoch: the log says val[n - 1], and "
                "so does the name of the best checkpoint"
            ),
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.call_hook('before_train')
                    while self._epoch < self._max_epochs and not self.stop_training:
                        self.runner.call_hook('before_train_epoch')
                        self.runner.model.train()
                        for idx, data_batch in enumerate(self.dataloader):
                            self.run_iter(idx, data_batch)
                        self.runner.call_hook('after_train_epoch')
                        self._epoch += 1
                        if (self.runner.val_loop is not None and self._epoch >= self.val_begin
                                and self._epoch % self.val_interval == 0):
                            self.runner.val_loop.run()
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
        ),
    ],
)
