"""``super().run_epoch()`` has advanced ``_epoch`` already."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the log says train[1], train[3], and half the epochs are trained"
OVERRIDES = {"train_cfg": {"type": "TwiceEpochLoop", "max_epochs": 4}}


def is_broken(seen: Training) -> bool:
    return seen.error is None and seen.labels("train") == [1, 3] and len(seen.rates) == 8


@LOOPS.register_module()
class TwiceEpochLoop(EpochBasedTrainLoop):
    def run_epoch(self) -> None:
        super().run_epoch()
        self.runner.logger.info("one more epoch")
        self._epoch += 1
