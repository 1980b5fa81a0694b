"""A train loop does not check ``stop_training``.

## Why it matters

``EarlyStoppingHook`` stops training with ``runner.train_loop.stop_training = True``. The loop
has to read it: mmengine's loops do, in the condition of their ``while``. A loop that derives
from ``BaseLoop`` directly also has to define it: the hook asserts that before training.

## Symptoms

The log says "the monitored metric did not improve", once for each validation from then
on, but all epochs are still trained. Without the attribute: ``AssertionError: `train_loop` should
contain `stop_training` variable``.

## Before -> after

Write ``while self._epoch < self._max_epochs and not self.stop_training``.

## Fix safety

There is no automatic fix: the loop may need to finish something before it stops. Without an
early-stopping hook, the added condition changes nothing.

## Source in mmengine

mmengine/hooks/early_stopping_hook.py, ``EarlyStoppingHook.before_run`` and
``after_val_epoch``; mmengine/runner/loops.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.loops import Fault, node_of, own_faults, repeats, training_flow
from mmscaffold.check.code.steps import StopCheck
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid

_HINT = "Add `and not self.stop_training` to the condition of the loop."


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each loop that cannot be stopped early."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    if flow is None or flow.is_opaque or not repeats(flow):
        return
    if not flow.has(StopCheck) and "stop_training" not in flow.names:
        yield Fault(
            "ignored",
            node_of(view, "run", "run_epoch"),
            f"{view.name} does not read self.stop_training, which EarlyStoppingHook sets",
            _HINT,
        )
    elif not (view.extends_train_loop or view.sets("stop_training")):
        yield Fault(
            "lacking",
            view.node,
            f"{view.name} never sets self.stop_training, which it reads",
            "Write self.stop_training = False in __init__.",
        )


RULE = Rule(
    id="MMS213",
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
                        self.run_epoch()
                        if (self.runner.val_loop is not None and self._epoch >= self.val_begin
                                and self._epoch % self.val_interval == 0):
                            self.runner.val_loop.run()
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.call_hook('before_train')
                    while self._epoch < self._max_epochs:
                        if self.stop_training:
                            break
                        self.run_epoch()
                        if (self.runner.val_loop is not None and self._epoch >= self.val_begin
                                and self._epoch % self.val_interval == 0):
                            self.runner.val_loop.run()
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class OneShot(EpochBasedTrainLoop):

                def run(self):
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
            """,
            because="One pass only: there is nothing to stop.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.call_hook('before_train')
                    while self._epoch < self._max_epochs:
                        self.run_epoch()
                        if (self.runner.val_loop is not None and self._epoch >= self.val_begin
                                and self._epoch % self.val_interval == 0):
                            self.runner.val_loop.run()
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
            at=Spot(6, 5, 12),
            message="MyLoop does not read self.stop_training, which EarlyStoppingHook sets",
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.call_hook('before_train')
                    while self._epoch < self._max_epochs and not self.stop_training:
                        self.run_epoch()
                        if (self.runner.val_loop is not None and self._epoch >= self.val_begin
                                and self._epoch % self.val_interval == 0):
                            self.runner.val_loop.run()
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
        ),
    ],
)
