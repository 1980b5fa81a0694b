"""``stop_training`` is not part of the condition."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "all epochs are still trained"
OVERRIDES = {
    "train_cfg": {"type": "UnstoppableLoop", "max_epochs": 9},
    "custom_hooks": [
        {"type": "EarlyStoppingHook", "monitor": "count", "rule": "greater", "patience": 1}
    ],
}


def is_broken(seen: Training) -> bool:
    return seen.error is None and "did not improve" in seen.log and len(seen.rates) == 36


@LOOPS.register_module()
class UnstoppableLoop(EpochBasedTrainLoop):
    def run(self) -> Any:
        self.runner.call_hook("before_train")
        while self._epoch < self._max_epochs:
            self.run_epoch()
            if (
                self.runner.val_loop is not None
                and self._epoch >= self.val_begin
                and self._epoch % self.val_interval == 0
            ):
                self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model
