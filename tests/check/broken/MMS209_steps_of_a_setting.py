"""Epochs of so many steps over a dataloader that starts over, for a setting says how many."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "The log says [2/4] at the last iteration of an epoch"
OVERRIDES = {"train_cfg": {"type": "StepsLoop", "max_epochs": 3, "steps": 2}}
HEALTHY = {"train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    lines = [line for line in seen.log.splitlines() if "Epoch(train)" in line]
    return bool(lines) and not any("[3/4]" in line for line in lines)


@LOOPS.register_module()
class StepsLoop(EpochBasedTrainLoop):
    def __init__(self, runner: Any, dataloader: Any, max_epochs: int, steps: int) -> None:
        super().__init__(runner, dataloader, max_epochs)
        self.steps = steps

    def run_epoch(self) -> None:
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        batches = cycle(self.dataloader)
        for idx in range(self.steps):
            self.run_iter(idx, next(batches))
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1
