"""``max_iters`` is that of a single epoch."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the rest is trained with the last rate"
OVERRIDES = {
    "train_cfg": {"type": "OneEpochLoop", "max_epochs": 3},
    "param_scheduler": {
        "type": "LinearLR",
        "start_factor": 1.0,
        "end_factor": 0.1,
        "by_epoch": False,
    },
}


def is_broken(seen: Training) -> bool:
    return seen.error is None and len(set(seen.rates[4:])) == 1


@LOOPS.register_module()
class OneEpochLoop(EpochBasedTrainLoop):
    def __init__(self, runner: Any, dataloader: Any, max_epochs: int) -> None:
        super().__init__(runner, dataloader, max_epochs)
        self._max_iters = len(self.dataloader)
