"""``model.train()`` before the first epoch only."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "no error and no difference in the log"
OVERRIDES = {"train_cfg": {"type": "TrainModeOnceLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    same_log = seen.labels("train") == seen.labels("val") == [1, 2, 3]
    return seen.error is None and same_log and not all(seen.modes)


@LOOPS.register_module()
class TrainModeOnceLoop(EpochBasedTrainLoop):
    def run(self) -> Any:
        self.runner.call_hook("before_train")
        self.runner.model.train()
        while self._epoch < self._max_epochs and not self.stop_training:
            self.runner.call_hook("before_train_epoch")
            for idx, data_batch in enumerate(self.dataloader):
                self.run_iter(idx, data_batch)
            self.runner.call_hook("after_train_epoch")
            self._epoch += 1
            if (
                self.runner.val_loop is not None
                and self._epoch >= self.val_begin
                and self._epoch % self.val_interval == 0
            ):
                self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model
