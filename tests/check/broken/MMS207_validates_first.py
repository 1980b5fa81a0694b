"""The loop validates, and counts the epoch afterwards."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the log says train[1], val[0], then train[2], val[1]"
OVERRIDES = {"train_cfg": {"type": "ValidatesFirstLoop", "max_epochs": 3, "val_begin": 0}}


def is_broken(seen: Training) -> bool:
    return seen.labels("train") == [1, 2, 3] and seen.labels("val") == [0, 1, 2]


@LOOPS.register_module()
class ValidatesFirstLoop(EpochBasedTrainLoop):
    def run(self) -> Any:
        self.runner.call_hook("before_train")
        while self._epoch < self._max_epochs and not self.stop_training:
            self.runner.call_hook("before_train_epoch")
            self.runner.model.train()
            for idx, data_batch in enumerate(self.dataloader):
                self.run_iter(idx, data_batch)
            self.runner.call_hook("after_train_epoch")
            if (
                self.runner.val_loop is not None
                and self._epoch >= self.val_begin
                and self._epoch % self.val_interval == 0
            ):
                self.runner.val_loop.run()
            self._epoch += 1
        self.runner.call_hook("after_train")
        return self.runner.model
