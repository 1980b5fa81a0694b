"""A loop that counts its rounds in a variable."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import train_and_resume as train

__all__ = ["train"]
SYMPTOM = "A resumed run trains all epochs again"


@LOOPS.register_module()
class RoundsLoop(EpochBasedTrainLoop):
    def run(self):
        self.runner.call_hook("before_train")
        done = 0
        while done < self._max_epochs and not self.stop_training:
            self.run_epoch()
            done += 1
            self._decide_current_val_interval()
            if (
                self.runner.val_loop is not None
                and self._epoch >= self.val_begin
                and self._epoch % self.val_interval == 0
            ):
                self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model


OVERRIDES = {"train_cfg": {"type": "RoundsLoop", "max_epochs": 3}}


def is_broken(seen):
    return seen.error is None and seen.labels("train") == [3, 4, 5]
