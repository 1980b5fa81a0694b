"""A hook or loop stops the training in a way that mmengine does not know.

The train loop reads one flag: its own ``stop_training`` (mmengine/runner/loops.py). What was
usual with mmcv 1.x, ``runner._max_epochs = runner.epoch`` or ``runner.should_stop = True``,
sets attributes of the Runner that nothing reads, and ``runner.max_epochs = ...`` sets a
property without a setter.

What one sees: the training goes on to its last epoch as if nothing had been said; or
``AttributeError: property 'max_epochs' of 'Runner' object has no setter``.

How to mend it: ``runner.train_loop.stop_training = True``. A loop of one's own must read it,
as mmengine's do.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import FLEXIBLE_RUNNER, RUNNER, Code
from mmscaffold.check.code.runner_code import Write, all_classes, read_from_runner, runner_writes
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS235"
SEVERITY = Severity.ERROR
_HEAD = (
    "from mmengine.hooks import Hook\n\n\nclass StopHook(Hook):\n"
    "    def after_train_epoch(self, runner):\n"
)
VALID: list[Example] = [
    _HEAD + "        runner.train_loop.stop_training = True\n",
    # A Runner of the project reads it.
    _HEAD + "        runner.should_stop = True\n\n\nfrom mmengine.runner import Runner\n\n\n"
    "class OwnRunner(Runner):\n    def train(self):\n        self.should_stop = False\n"
    "        return super().train()\n\n    def stopped(self):\n        return self.should_stop\n",
    # mmcv 1.x.
    "from mmcv.runner import Hook\n\n\nclass StopHook(Hook):\n"
    "    def after_train_epoch(self, runner):\n        runner._max_epochs = runner.epoch\n",
]
INVALID: list[Example] = [
    _HEAD + "        runner._max_epochs = runner.epoch\n",
    _HEAD + "        runner.should_stop = True\n",
    _HEAD + "        runner.max_epochs = runner.epoch + 1\n",
    "from mmengine.runner import IterBasedTrainLoop\n\n\nclass StopLoop(IterBasedTrainLoop):\n"
    "    def run_iter(self, data_batch):\n        super().run_iter(data_batch)\n"
    "        self.runner._stop = self._iter > 9\n",
]
_LENGTHS = {"max_epochs", "max_iters"}
_FLAGS = {"_max_epochs", "_max_iters", "should_stop", "_should_stop", "stop_training"}
_FLAGS |= {"_stop_training", "stop", "_stop", "early_stop", "_early_stop", "stopped"}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each flag that nothing reads, and each length that is set."""
    writes = [one for one in runner_writes(code) if not _is_runner(one)]
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


def _is_runner(write: Write) -> bool:
    return write.view.inherits(RUNNER) or write.view.inherits(FLEXIBLE_RUNNER)
