"""``run`` of a train loop without ``return``."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "runner.train() returns None"
OVERRIDES = {"train_cfg": {"type": "SilentRunLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.error is None and seen.returned is None


@LOOPS.register_module()
class SilentRunLoop(EpochBasedTrainLoop):
    def run(self) -> None:
        self.runner.logger.info("Training begins")
        super().run()
