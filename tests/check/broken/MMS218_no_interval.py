"""A validation after each epoch, whatever the config says."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "epochs are validated that the config would skip"
OVERRIDES = {"train_cfg": {"type": "NoIntervalLoop", "max_epochs": 3, "val_interval": 3}}


def is_broken(seen: Training) -> bool:
    return seen.error is None and seen.labels("val") == [1, 2, 3]


@LOOPS.register_module()
class NoIntervalLoop(EpochBasedTrainLoop):
    def run(self) -> Any:
        self.runner.call_hook("before_train")
        while self._epoch < self._max_epochs and not self.stop_training:
            self.run_epoch()
            if self.runner.val_loop is not None:
                self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model
