"""A loop over ``range(max_epochs)`` beside the counter."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import train_and_resume as train

__all__ = ["train"]
SYMPTOM = "A resumed run trains all epochs again"


@LOOPS.register_module()
class RangeLoop(EpochBasedTrainLoop):
    def run(self):
        self.runner.call_hook("before_train")
        for _ in range(self._max_epochs):
            self.run_epoch()
            self._decide_current_val_interval()
            if (
                self.runner.val_loop is not None
                and self._epoch >= self.val_begin
                and self._epoch % self.val_interval == 0
            ):
                self.runner.val_loop.run()
            if self.stop_training:
                break
        self.runner.call_hook("after_train")
        return self.runner.model


OVERRIDES = {"train_cfg": {"type": "RangeLoop", "max_epochs": 3}}


def is_broken(seen):
    return seen.error is None and seen.labels("train") == [3, 4, 5]
