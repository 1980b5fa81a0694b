"""``_epoch`` starts at 1, as people count."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the log says train[2] first and one epoch is missing"
OVERRIDES = {"train_cfg": {"type": "FromOneLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.labels("train") == [2, 3] and len(seen.rates) == 8


@LOOPS.register_module()
class FromOneLoop(EpochBasedTrainLoop):
    def __init__(self, runner: Any, dataloader: Any, max_epochs: int) -> None:
        super().__init__(runner, dataloader, max_epochs)
        self._epoch = 1
