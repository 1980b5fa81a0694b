"""``run_epoch`` without ``before_train_epoch``."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "'IterTimerHook' object has no attribute 't'"
OVERRIDES = {"train_cfg": {"type": "NoBeforeEpochLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.has_failed("'IterTimerHook' object has no attribute 't'")


@LOOPS.register_module()
class NoBeforeEpochLoop(EpochBasedTrainLoop):
    def run_epoch(self) -> None:
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1
