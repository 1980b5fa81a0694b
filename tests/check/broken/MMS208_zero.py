"""``_max_iters`` that is set to 0 and forgotten."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import TinyModel

SYMPTOM = "ETA"


@LOOPS.register_module()
class ZeroLengthLoop(EpochBasedTrainLoop):
    def __init__(self, runner, dataloader, max_epochs):
        super().__init__(runner, dataloader, max_epochs)
        self._max_iters = 0


OVERRIDES = {
    "train_cfg": {"type": "ZeroLengthLoop", "max_epochs": 3},
    "model": TinyModel(pause=0.2),
}


def is_broken(seen):
    return seen.error is None and any(eta.startswith("-") for eta in seen.etas)
