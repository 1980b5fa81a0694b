"""``super()`` of the wrong class: the constructor with the counters is left out."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "object has no attribute '_iter'"
OVERRIDES = {"train_cfg": {"type": "JumpingLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.has_failed("object has no attribute '_iter'")


@LOOPS.register_module()
class JumpingLoop(EpochBasedTrainLoop):
    def __init__(self, runner: Any, dataloader: Any, max_epochs: int) -> None:
        super(EpochBasedTrainLoop, self).__init__(runner, dataloader)
        self.total = max_epochs
