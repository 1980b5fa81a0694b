"""The number of iterations was copied from another data set: it is too small."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import TinyModel, Training

SYMPTOM = "the ETA is negative from some point on"
OVERRIDES = {
    "train_cfg": {"type": "HardCodedLoop", "max_epochs": 3},
    "model": TinyModel(pause=0.2),
}


def is_broken(seen: Training) -> bool:
    return seen.error is None and any(eta.startswith("-") for eta in seen.etas)


@LOOPS.register_module()
class HardCodedLoop(EpochBasedTrainLoop):
    def __init__(self, runner: Any, dataloader: Any, max_epochs: int) -> None:
        super().__init__(runner, dataloader, max_epochs)
        self._max_iters = 5
