"""``run`` without a validation."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "no val line in the log, no best checkpoint"
OVERRIDES = {
    "train_cfg": {"type": "NeverValidatesLoop", "max_epochs": 3},
    "default_hooks": {
        "logger": {"type": "LoggerHook", "interval": 1},
        "checkpoint": {"type": "CheckpointHook", "save_best": "count", "rule": "greater"},
    },
}


def is_broken(seen: Training) -> bool:
    no_best = not any(name.startswith("best") for name in seen.checkpoints)
    return seen.error is None and not seen.labels("val") and no_best


@LOOPS.register_module()
class NeverValidatesLoop(EpochBasedTrainLoop):
    def run(self) -> Any:
        self.runner.call_hook("before_train")
        while self._epoch < self._max_epochs and not self.stop_training:
            self.run_epoch()
        self.runner.call_hook("after_train")
        return self.runner.model
