"""The last batch advances ``_epoch``, so that the hooks of the epoch see the next one."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the first checkpoint is epoch_2.pth"
OVERRIDES = {"train_cfg": {"type": "LastBatchLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.error is None and seen.checkpoints == ["epoch_2.pth", "epoch_3.pth", "epoch_4.pth"]


@LOOPS.register_module()
class LastBatchLoop(EpochBasedTrainLoop):
    def run_epoch(self) -> None:
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
            if idx == len(self.dataloader) - 1:
                self._epoch += 1
        self.runner.call_hook("after_train_epoch")
