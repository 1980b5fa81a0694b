"""The constructor of the base builds the dataloader, and the next line puts the config back."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the config back over the dataloader that its base built"
OVERRIDES = {"train_cfg": {"type": "ConfigBackLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.has_failed("'dict' object has no attribute")


@LOOPS.register_module()
class ConfigBackLoop(EpochBasedTrainLoop):
    def __init__(self, runner: Any, dataloader: Any, max_epochs: int) -> None:
        super().__init__(runner, dataloader, max_epochs)
        self.runner.logger.info("Training data: %s", dataloader)
        self.dataloader = dataloader
