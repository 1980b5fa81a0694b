"""``_epoch`` counts from 1, as people do, so it is advanced at the start."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the log says train[2] first, and the first checkpoint is epoch_2.pth"
OVERRIDES = {"train_cfg": {"type": "EarlyEpochLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    names = ["epoch_2.pth", "epoch_3.pth", "epoch_4.pth"]
    return seen.labels("train")[0] == 2 and seen.checkpoints == names


@LOOPS.register_module()
class EarlyEpochLoop(EpochBasedTrainLoop):
    def run_epoch(self) -> None:
        self._epoch += 1
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
        self.runner.call_hook("after_train_epoch")
