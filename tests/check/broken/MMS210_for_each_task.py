"""Continual learning: each task counts its epochs from 0."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the log goes back to train[1] with each task"
OVERRIDES = {"train_cfg": {"type": "TasksLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.error is None and seen.labels("train") == [1, 2, 3, 1, 2, 3]


@LOOPS.register_module()
class TasksLoop(EpochBasedTrainLoop):
    tasks = ("first", "second")

    def run(self) -> Any:
        self.runner.call_hook("before_train")
        for task in self.tasks:
            self.runner.logger.info(task)
            self._epoch = 0
            while self._epoch < self._max_epochs and not self.stop_training:
                self.run_epoch()
                if (
                    self.runner.val_loop is not None
                    and self._epoch >= self.val_begin
                    and self._epoch % self.val_interval == 0
                ):
                    self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model
