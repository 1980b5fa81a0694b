"""``_iter`` is advanced right after the step."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "iterations in the scalars are one ahead"
OVERRIDES = {"train_cfg": {"type": "EarlyIterLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    steps = [line["step"] for line in seen.scalars if "loss" in line]
    return steps[0] == 2 and steps[-1] == 13


@LOOPS.register_module()
class EarlyIterLoop(EpochBasedTrainLoop):
    def run_iter(self, idx: int, data_batch: Any) -> None:
        self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
        outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
        self._iter += 1
        self.runner.call_hook(
            "after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs
        )
