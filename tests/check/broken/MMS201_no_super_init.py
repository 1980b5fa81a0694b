"""A loop that sets what it needs itself, and forgets its base."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "object has no attribute '_runner'"
OVERRIDES = {"train_cfg": {"type": "NoSuperInitLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.has_failed("object has no attribute '_runner'")


@LOOPS.register_module()
class NoSuperInitLoop(EpochBasedTrainLoop):
    def __init__(self, runner: Any, dataloader: Any, max_epochs: int) -> None:
        self._max_epochs = max_epochs
        self._max_iters = max_epochs * 4
        self._epoch = 0
        self._iter = 0
        self.stop_training = False
