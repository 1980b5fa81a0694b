"""A hook writes the counters of the train loop.

The loop advances ``_epoch`` and ``_iter``, and ``Runner.resume`` restores them
(mmengine/runner/loops.py, runner.py). A hook that writes them, too, moves what all others
count by: the label of the log, the ETA, the names of checkpoints, the learning rate's
schedule, the shuffle of each epoch, and the end of the training.

What one sees: ``Epoch(train)`` skips numbers and the training ends early, or an epoch comes
again and the training never ends.

How to mend it: let a hook keep a counter of its own. To stop early, set
``runner.train_loop.stop_training = True``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import HOOK, Code
from mmscaffold.check.code.runner_code import runner_writes
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS237"
SEVERITY = Severity.WARNING
_HEAD = (
    "from mmengine.hooks import Hook\n\n\nclass OwnHook(Hook):\n"
    "    def after_train_epoch(self, runner):\n"
)
VALID: list[Example] = [
    _HEAD + "        self.epoch = runner.train_loop.epoch\n",
    _HEAD + "        runner.train_loop.stop_training = True\n",
    "from mmengine.hooks import Hook\n\n\nclass OwnHook(Hook):\n"
    "    def before_train(self, runner):\n        self._iter = runner.train_loop._iter\n",
]
INVALID: list[Example] = [
    _HEAD + "        runner.train_loop._epoch += 1\n",
    _HEAD + "        loop = runner.train_loop\n        loop._iter = 0\n",
]
_COUNTERS = {
    f"{loop}.{name}" for loop in ("train_loop", "_train_loop") for name in ("_epoch", "_iter")
}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each such statement."""
    for write in runner_writes(code):
        if write.path in _COUNTERS and write.view.inherits(HOOK):
            yield write.view.found(
                write.node,
                f"{write.view.name} writes runner.{write.path}, by which everything counts",
                "Let the hook keep a counter of its own; only the loop and resume write this.",
            )
