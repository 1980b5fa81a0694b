"""An epoch is trained again: the loop takes its number back."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the log says train[1] once more"
OVERRIDES = {"train_cfg": {"type": "TakesBackLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.error is None and len(seen.rates) == 16 and seen.labels("train") == [1, 2, 3]


@LOOPS.register_module()
class TakesBackLoop(EpochBasedTrainLoop):
    repeated = False

    def run_epoch(self) -> None:
        super().run_epoch()
        if not self.repeated:
            self.repeated = True
            self._epoch -= 1
