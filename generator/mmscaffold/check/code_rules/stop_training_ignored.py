"""A train loop does not look at ``stop_training``.

``EarlyStoppingHook`` stops a training by ``runner.train_loop.stop_training = True``
(mmengine/hooks/early_stopping_hook.py). The loop has to read it: mmengine's do, in the
condition of their ``while``. A loop that derives from ``BaseLoop`` itself also has to have
it: the hook asserts that before training.

What one sees: the log says "the monitored metric did not improve", once for each validation
from then on, and all epochs are trained nevertheless. Without the attribute, AssertionError:
`train_loop` should contain `stop_training` variable.

How to mend it: ``while self._epoch < self._max_epochs and not self.stop_training``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.classes import EPOCH_LOOP, ITER_LOOP
from mmscaffold.check.code.loops import Fault, node_of, own_faults, repeats, training_flow
from mmscaffold.check.code.steps import StopCheck
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS213"
SEVERITY = Severity.WARNING
_HEAD = """\
from mmengine.runner import EpochBasedTrainLoop


class MyLoop(EpochBasedTrainLoop):

    def run(self):
        self.runner.call_hook('before_train')
"""
_TAIL = """\
            self.run_epoch()
            if (self.runner.val_loop is not None and self._epoch >= self.val_begin
                    and self._epoch % self.val_interval == 0):
                self.runner.val_loop.run()
        self.runner.call_hook('after_train')
        return self.runner.model
"""
VALID: list[Example] = [
    _HEAD + "        while self._epoch < self._max_epochs and not self.stop_training:\n" + _TAIL,
    _HEAD + "        while self._epoch < self._max_epochs:\n"
    "            if self.stop_training:\n                break\n" + _TAIL,
]
VALID.append(
    # One shot: there is nothing to stop.
    "from mmengine.runner import EpochBasedTrainLoop\n\n\n"
    "class OneShot(EpochBasedTrainLoop):\n\n"
    "    def run(self):\n"
    "        for idx, data_batch in enumerate(self.dataloader):\n"
    "            self.run_iter(idx, data_batch)\n"
)
INVALID: list[Example] = [_HEAD + "        while self._epoch < self._max_epochs:\n" + _TAIL]
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
    elif not (view.inherits(EPOCH_LOOP) or view.inherits(ITER_LOOP) or view.sets("stop_training")):
        yield Fault(
            "lacking",
            view.node,
            f"{view.name} never sets self.stop_training, which it reads",
            "self.stop_training = False in __init__.",
        )
