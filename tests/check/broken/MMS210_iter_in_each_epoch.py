"""``_iter`` counts within the epoch."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "checkpoints have the iterations of one epoch inside"
OVERRIDES = {"train_cfg": {"type": "IterRestartLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.error is None and seen.meta("epoch_3.pth")["iter"] == 4


@LOOPS.register_module()
class IterRestartLoop(EpochBasedTrainLoop):
    def run_epoch(self) -> None:
        self._iter = 0
        super().run_epoch()
