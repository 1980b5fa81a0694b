"""``after_train_iter`` without what the model returned."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the train lines have no loss"
OVERRIDES = {"train_cfg": {"type": "NoOutputsLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.error is None and bool(seen.labels("train")) and "loss:" not in seen.log


@LOOPS.register_module()
class NoOutputsLoop(EpochBasedTrainLoop):
    def run_iter(self, idx: int, data_batch: Any) -> None:
        self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
        self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
        self.runner.call_hook("after_train_iter", batch_idx=idx, data_batch=data_batch)
        self._iter += 1
