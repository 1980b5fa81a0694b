"""A train loop resets a counter, or starts it from a number other than 0.

Setting one to 0 in ``run``, in each epoch or for each task, ``for self._epoch in range(...)``
and ``-=`` do so.

## Why it matters

``_epoch`` and ``_iter`` start at 0 in ``__init__``, and after that only advance: ``Runner.resume``
assigns them between ``__init__`` and ``run``, and the ETA, checkpoints and schedules count over
the whole training. A reset throws that away.

## Symptoms

When ``run`` resets them, a resumed run starts from the first epoch again. With ``_iter``
set to 0 in each epoch, the ETA grows again with each one, and checkpoints have the iterations of
one epoch inside. With tasks that restart ``_epoch``, the log goes back to train[1] with each
task. With ``_epoch`` decremented, the log says train[1] once more, and ``max_iters`` is too
small. With ``_epoch`` that starts at 1, the log says train[2] first and one epoch is missing.

## Before -> after

Set both to 0 in ``__init__`` and nowhere else; count what starts again in a variable of its own.
``while self._epoch < self._max_epochs`` continues where resuming left it.

## Fix safety

There is no automatic fix: what was counted from scratch needs a variable of its own.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.resume`` assigns them; mmengine/runner/loops.py, the
constructors set them to 0.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code, Step
from mmscaffold.check.code.loops import Fault, own_faults, training_flow
from mmscaffold.check.code.steps import LoopVariable, Reset
from mmscaffold.check.code.syntax import assigned_value, names_in
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import COUNTERS

_HINT = "Set it to 0 in __init__ only: Runner.resume assigns it before run()."


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each counter that starts again, or wrong."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    if flow is None:
        return
    for counter in COUNTERS:
        steps = [*flow.all(Reset(counter)), *flow.all(LoopVariable(counter))]
        step = next((one for one in steps if not _is_meant(one, counter)), None)
        if step is not None:
            message = f"{view.name} resets self.{counter} while it runs"
            yield Fault(counter, step.node, message, _HINT)
        for owner, function, node in view.assigned.get(counter, ()):
            value = assigned_value(node, counter)
            if (
                owner is view.definition
                and function.name == "__init__"
                and isinstance(value, ast.Constant)
                and value.value != 0
            ):
                message = f"{view.name} starts self.{counter} at {value.value!r}, not at 0"
                yield Fault(f"start {counter}", node, message, _HINT)


def _is_meant(step: Step, counter: str) -> bool:
    """Whether it goes on where it was, or stands below a question about resuming."""
    if isinstance(step.node, ast.For):
        return counter in names_in(step.node.iter)
    asked = {name for test in step.tests for name in names_in(test)}
    return any("resume" in name for name in asked)


RULE = Rule(
    id="MMS210",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._epoch = 0
                    self._iter = 0
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    for self._epoch in range(self._epoch, self._max_epochs):
                        self.run_epoch()
            """,
            because="It continues where it was.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    self._iter = 0
                    super().run_epoch()
            """,
            at=Spot(7, 9, 23),
            message="MyLoop resets self._iter while it runs",
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    for self._epoch in range(self._max_epochs):
                        for idx, data_batch in enumerate(self.dataloader):
                            self.run_iter(idx, data_batch)
            """,
            at=Spot(7, 9, 51),
            message="MyLoop resets self._epoch while it runs",
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    for self._epoch in range(self._epoch, self._max_epochs):
                        self.run_epoch()
            """,
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._epoch = 1
            """,
            at=Spot(8, 9, 24),
            message="MyLoop starts self._epoch at 1, not at 0",
        ),
    ],
)
