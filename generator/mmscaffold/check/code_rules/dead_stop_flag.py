"""A hook or loop stops training in a way that mmengine does not recognise.

## Why it matters

The train loop reads one flag: its own ``stop_training``. What was common with mmcv 1.x,
``runner._max_epochs = runner.epoch`` or ``runner.should_stop = True``, sets attributes of the
Runner that nothing reads, and ``runner.max_epochs = ...`` sets a property without a setter.

## Symptoms

No stop: training continues to its last epoch as if nothing had happened. Or
``AttributeError: property 'max_epochs' of 'Runner' object has no setter``.

## Before -> after

Write ``runner.train_loop.stop_training = True``. A custom loop must read it, as mmengine's do.

## Fix safety

There is no automatic fix: training then really stops, even where nobody had noticed that
it did not.

## Source in mmengine

mmengine/runner/loops.py, ``EpochBasedTrainLoop.run`` reads it;
mmengine/hooks/early_stopping_hook.py sets it.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.runner_code import all_classes, read_from_runner, runner_writes
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.loops import UNIT_OF_MAXIMUM

_LENGTHS = frozenset(UNIT_OF_MAXIMUM)
_FLAGS = {"should_stop", "_should_stop", "stop_training", "_stop_training", "stop", "_stop"}
_FLAGS |= {"early_stop", "_early_stop", "stopped", *(f"_{name}" for name in _LENGTHS)}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each flag that nothing reads, and each length that is set."""
    writes = [one for one in runner_writes(code) if not one.view.is_runner]
    if not any(one.path in _LENGTHS | _FLAGS for one in writes):
        return
    read = read_from_runner(code)
    settable = {name for name in _LENGTHS for view in all_classes(code) if view.has_setter(name)}
    for write in writes:
        if write.path in _FLAGS - read:
            what = f"{write.view.name} sets runner.{write.path}, which nothing reads"
        elif write.path in _LENGTHS - settable:
            what = (
                f"{write.view.name} sets runner.{write.path}, a property without a setter: an "
                "AttributeError"
            )
        else:
            continue
        yield write.view.found(
            write.node, what, "To stop, set runner.train_loop.stop_training = True."
        )


RULE = Rule(
    id="MMS235",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.hooks import Hook


            class StopHook(Hook):
                def after_train_epoch(self, runner):
                    runner.train_loop.stop_training = True
            """,
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class StopHook(Hook):
                def after_train_epoch(self, runner):
                    runner.should_stop = True


            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    self.should_stop = False
                    return super().train()

                def stopped(self):
                    return self.should_stop
            """,
            because="A Runner of the project reads it.",
        ),
        Valid(
            """
            from mmcv.runner import Hook


            class StopHook(Hook):
                def after_train_epoch(self, runner):
                    runner._max_epochs = runner.epoch
            """,
            because="mmcv 1.x.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.hooks import Hook


            class StopHook(Hook):
                def after_train_epoch(self, runner):
                    runner._max_epochs = runner.epoch
            """,
            at=Spot(6, 9, 42),
            message="StopHook sets runner._max_epochs, which nothing reads",
            after="""
            from mmengine.hooks import Hook


            class StopHook(Hook):
                def after_train_epoch(self, runner):
                    runner.train_loop.stop_training = True
            """,
        ),
        Invalid(
            """
            from mmengine.hooks import Hook


            class StopHook(Hook):
                def after_train_epoch(self, runner):
                    runner.should_stop = True
            """,
            at=Spot(6, 9, 34),
            message="StopHook sets runner.should_stop, which nothing reads",
        ),
        Invalid(
            """
            from mmengine.hooks import Hook


            class StopHook(Hook):
                def after_train_epoch(self, runner):
                    runner.max_epochs = runner.epoch + 1
            """,
            at=Spot(6, 9, 45),
            message=(
                "StopHook sets runner.max_epochs, a property without a setter: an AttributeError"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import IterBasedTrainLoop


            class StopLoop(IterBasedTrainLoop):
                def run_iter(self, data_batch):
                    super().run_iter(data_batch)
                    self.runner._stop = self._iter > 9
            """,
            at=Spot(7, 9, 43),
            message="StopLoop sets runner._stop, which nothing reads",
        ),
    ],
)
