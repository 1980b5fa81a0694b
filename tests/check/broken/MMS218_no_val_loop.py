"""A validation that does not ask whether there is anything to validate."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "'NoneType' object has no attribute 'run'"
OVERRIDES = {
    "train_cfg": {"type": "NoQuestionLoop", "max_epochs": 3},
    "val_cfg": None,
    "val_dataloader": None,
    "val_evaluator": None,
}
HEALTHY = {**OVERRIDES, "train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.has_failed("'NoneType' object has no attribute 'run'")


@LOOPS.register_module()
class NoQuestionLoop(EpochBasedTrainLoop):
    def run(self) -> Any:
        self.runner.call_hook("before_train")
        while self._epoch < self._max_epochs and not self.stop_training:
            self.run_epoch()
            if self._epoch >= self.val_begin and self._epoch % self.val_interval == 0:
                self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model
