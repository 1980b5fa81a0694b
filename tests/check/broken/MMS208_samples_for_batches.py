"""``max_iters`` counts samples where it should count batches."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the schedule never reaches its end"
OVERRIDES = {
    "train_cfg": {"type": "SamplesLoop", "max_epochs": 3},
    "param_scheduler": {
        "type": "LinearLR",
        "start_factor": 1.0,
        "end_factor": 0.1,
        "by_epoch": False,
    },
}


def is_broken(seen: Training) -> bool:
    return seen.error is None and seen.rates[-1] > 0.05


@LOOPS.register_module()
class SamplesLoop(EpochBasedTrainLoop):
    def __init__(self, runner: Any, dataloader: Any, max_epochs: int) -> None:
        super().__init__(runner, dataloader, max_epochs)
        self._max_iters = max_epochs * len(self.dataloader.dataset)
