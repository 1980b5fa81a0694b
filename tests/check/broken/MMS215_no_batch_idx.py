"""The hooks of an iteration without its index."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "missing 1 required positional argument"
OVERRIDES = {"train_cfg": {"type": "NoIndexLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.has_failed("missing 1 required positional argument: 'batch_idx'")


@LOOPS.register_module()
class NoIndexLoop(EpochBasedTrainLoop):
    def run_iter(self, idx: int, data_batch: Any) -> None:
        self.runner.call_hook("before_train_iter", data_batch=data_batch)
        outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
        self.runner.call_hook("after_train_iter", data_batch=data_batch, outputs=outputs)
        self._iter += 1
