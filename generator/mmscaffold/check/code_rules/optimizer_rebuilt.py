"""A hook or loop replaces the optimizer and leaves the schedulers with the old one.

A scheduler holds the optimizer wrapper that it was built with, and changes the learning rate
of its parameter groups step by step (mmengine/optim/scheduler/param_scheduler.py).
``Runner.train`` builds the wrapper first and the schedulers from it. Who builds a new one
later, to unfreeze a layer or to begin a new stage, gets an optimizer that no scheduler moves,
and a wrapper that does not know the length of the training.

What one sees: from the moment of the change on, the learning rate in the log stands still, if
the wrapper is new. With a new optimizer in the old wrapper, the rate jumps back to that of the
beginning and ends elsewhere than the schedule says.

How to mend it: add a parameter group to the optimizer that is there,
``runner.optim_wrapper.optimizer.add_param_group(...)``; or build the schedulers anew with it
(``runner.build_param_scheduler``), and call ``initialize_count_status``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import Code, Function
from mmscaffold.check.code.runner_code import runner_writes
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS234"
SEVERITY = Severity.WARNING
_HEAD = (
    "from mmengine.hooks import Hook\n\n\nclass UnfreezeHook(Hook):\n"
    "    def before_train_epoch(self, runner):\n"
)
_REBUILD = "        runner.optim_wrapper = runner.build_optim_wrapper(self.settings)\n"
VALID: list[Example] = [
    _HEAD + "        runner.optim_wrapper.optimizer.add_param_group(self.group)\n",
    _HEAD + _REBUILD
    + "        runner.param_schedulers = runner.build_param_scheduler(self.schedulers)\n",
    # As mmengine's own Runner does it.
    "from mmengine.runner import Runner\n\n\nclass OwnRunner(Runner):\n    def train(self):\n"
    "        self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)\n"
    "        return super().train()\n",
]  # fmt: skip
INVALID: list[Example] = [
    _HEAD + _REBUILD,
    "import torch\nfrom mmengine.runner import EpochBasedTrainLoop\n\n\n"
    "class StageLoop(EpochBasedTrainLoop):\n    def run_epoch(self):\n"
    "        wrapper = self.runner.optim_wrapper\n"
    "        wrapper.optimizer = torch.optim.SGD(self.runner.model.parameters(), 0.1)\n"
    "        super().run_epoch()\n",
]
_EFFECTS = {
    "optim_wrapper": "the schedulers go on moving the learning rate of the old one",
    "optim_wrapper.optimizer": "the schedulers go on from its learning rate, not from theirs",
}
# Here the schedulers are not built yet.
_EARLY = {"__init__", "train", "resume", "load_or_resume", "val", "test"}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each replacement without new schedulers."""
    for write in runner_writes(code):
        name = write.function.name
        if write.path not in _EFFECTS or name in _EARLY or name.startswith("build_"):
            continue
        if not _minds_schedulers(write.function):
            yield write.view.found(
                write.node,
                f"{write.view.name} replaces the Runner's {write.path}; {_EFFECTS[write.path]}",
                "Add a parameter group instead, or build runner.param_schedulers anew, too.",
            )


def _minds_schedulers(function: Function) -> bool:
    return any(
        isinstance(node, ast.Attribute) and "scheduler" in node.attr for node in ast.walk(function)
    )
