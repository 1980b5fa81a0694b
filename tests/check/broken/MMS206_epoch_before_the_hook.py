"""``_epoch`` is advanced between the last batch and ``after_train_epoch``."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the last one past the end"
OVERRIDES = {"train_cfg": {"type": "BeforeHookLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.labels("train") == [1, 2, 3] and seen.checkpoints[-1] == "epoch_4.pth"


@LOOPS.register_module()
class BeforeHookLoop(EpochBasedTrainLoop):
    def run_epoch(self) -> None:
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
        self._epoch += 1
        self.runner.call_hook("after_train_epoch")
