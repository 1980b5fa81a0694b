"""``run_epoch`` without ``model.train()``."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = (
    "From the second epoch on, after the first validation, the model is trained in evaluation mode"
)
OVERRIDES = {"train_cfg": {"type": "EvalModeLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.error is None and seen.modes == [True] * 4 + [False] * 8


@LOOPS.register_module()
class EvalModeLoop(EpochBasedTrainLoop):
    def run_epoch(self) -> None:
        self.runner.call_hook("before_train_epoch")
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1
