"""A train loop sets a counter back, or starts it from another number than 0.

``_epoch`` and ``_iter`` start at 0 in ``__init__``, and then only advance: ``Runner.resume``
assigns them between ``__init__`` and ``run`` (mmengine/runner/runner.py), and the ETA,
checkpoints and schedules count over the whole training. Setting one to 0 in ``run``, for each
epoch or for each task, ``for self._epoch in range(...)`` and ``-=`` throw that away.

What one sees: a resumed training starts from the first epoch again. With ``_iter`` set to 0
in each epoch, the ETA grows again with each one, and checkpoints have the iterations of one
epoch inside. With tasks that restart ``_epoch``, the log goes back to train[1] with each task.
With ``_epoch`` taken back, the log says train[1] once more, and ``max_iters`` is too small.
With ``_epoch`` that starts at 1, the log says train[2] first and one epoch is missing.

How to mend it: set both to 0 in ``__init__`` and nowhere else; count in a variable of its own
what starts again. ``while self._epoch < self._max_epochs`` goes on where resuming left it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code, Step
from mmscaffold.check.code.classes import COUNTERS
from mmscaffold.check.code.loops import Fault, own_faults, training_flow
from mmscaffold.check.code.steps import LoopVariable, Reset
from mmscaffold.check.code.syntax import assigned_value, names_in
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS210"
SEVERITY = Severity.ERROR
_HEAD = (
    "from mmengine.runner import EpochBasedTrainLoop\n\n\nclass MyLoop(EpochBasedTrainLoop):\n\n"
)
VALID: list[Example] = [
    _HEAD + "    def __init__(self, runner, dataloader, max_epochs):\n"
    "        super().__init__(runner, dataloader, max_epochs)\n"
    "        self._epoch = 0\n"
    "        self._iter = 0",
    _HEAD + "    def run(self):\n"
    "        for self._epoch in range(self._epoch, self._max_epochs):\n"
    "            self.run_epoch()",
]
INVALID: list[Example] = [
    _HEAD + "    def run_epoch(self):\n        self._iter = 0\n        super().run_epoch()",
    _HEAD + "    def run(self):\n"
    "        for self._epoch in range(self._max_epochs):\n"
    "            for idx, data_batch in enumerate(self.dataloader):\n"
    "                self.run_iter(idx, data_batch)",
    _HEAD + "    def __init__(self, runner, dataloader, max_epochs):\n"
    "        super().__init__(runner, dataloader, max_epochs)\n"
    "        self._epoch = 1",
]
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
            message = f"{view.name} sets self.{counter} back while it runs"
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
