"""``run`` without ``before_train``."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "'CheckpointHook' object has no attribute 'file_backend'"
OVERRIDES = {"train_cfg": {"type": "NoBeforeTrainLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.has_failed("'CheckpointHook' object has no attribute 'file_backend'")


@LOOPS.register_module()
class NoBeforeTrainLoop(EpochBasedTrainLoop):
    def run(self) -> Any:
        while self._epoch < self._max_epochs and not self.stop_training:
            self.run_epoch()
            if (
                self.runner.val_loop is not None
                and self._epoch >= self.val_begin
                and self._epoch % self.val_interval == 0
            ):
                self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model
