"""``run_epoch`` was overridden, and its last line forgotten."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import EndlessTrainingError, Training

SYMPTOM = "training never ends and never validates"
OVERRIDES = {"train_cfg": {"type": "StandingEpochLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    never_ends = isinstance(seen.error, EndlessTrainingError)
    return never_ends and seen.labels("train") == [1] and not seen.labels("val")


@LOOPS.register_module()
class StandingEpochLoop(EpochBasedTrainLoop):
    def run_epoch(self) -> None:
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
        self.runner.call_hook("after_train_epoch")
