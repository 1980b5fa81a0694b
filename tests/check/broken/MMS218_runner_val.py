"""A validation by ``runner.val()``."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import Hook
from mmengine.registry import HOOKS, LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the hooks of a run are also called with each validation"
OVERRIDES = {
    "train_cfg": {"type": "RunnerValLoop", "max_epochs": 3},
    "custom_hooks": [{"type": "CountRuns"}],
}


@HOOKS.register_module()
class CountRuns(Hook):
    """Stands for every hook that closes something at the end of the run."""

    ends = 0

    def after_run(self, runner: Any) -> None:
        self.ends += 1


def is_broken(seen: Training) -> bool:
    [counted] = [hook for hook in seen.runner.hooks if isinstance(hook, CountRuns)]
    return seen.error is None and counted.ends > 1


@LOOPS.register_module()
class RunnerValLoop(EpochBasedTrainLoop):
    def run(self) -> Any:
        self.runner.call_hook("before_train")
        while self._epoch < self._max_epochs and not self.stop_training:
            self.run_epoch()
            if (
                self.runner.val_loop is not None
                and self._epoch >= self.val_begin
                and self._epoch % self.val_interval == 0
            ):
                self.runner.val()
        self.runner.call_hook("after_train")
        return self.runner.model
