"""``run`` counts the epochs in a variable of its own."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the log says train[1], then val[0], over and over"
OVERRIDES = {"train_cfg": {"type": "LocalEpochLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return (
        seen.error is None
        and seen.labels("train") == [1]
        and seen.labels("val") == [0]
        and seen.checkpoints == ["epoch_1.pth"]
        and len(seen.rates) == 12
    )


@LOOPS.register_module()
class LocalEpochLoop(EpochBasedTrainLoop):
    def run(self) -> Any:
        self.runner.call_hook("before_train")
        for epoch in range(1, self._max_epochs + 1):
            if self.stop_training:
                break
            self.runner.call_hook("before_train_epoch")
            self.runner.model.train()
            for idx, data_batch in enumerate(self.dataloader):
                self.run_iter(idx, data_batch)
            self.runner.call_hook("after_train_epoch")
            if (
                self.runner.val_loop is not None
                and epoch >= self.val_begin
                and epoch % self.val_interval == 0
            ):
                self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model
