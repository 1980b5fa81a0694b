"""The constructor assigns ``self.epoch``, which mmengine's loop has as a property."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "An assignment to a property, such as self.epoch = 0, gives AttributeError"
OVERRIDES = {"train_cfg": {"type": "AssigningLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return isinstance(seen.error, AttributeError)


@LOOPS.register_module()
class AssigningLoop(EpochBasedTrainLoop):
    def __init__(self, runner: Any, dataloader: Any, max_epochs: int) -> None:
        super().__init__(runner, dataloader, max_epochs)
        self.epoch = 0
