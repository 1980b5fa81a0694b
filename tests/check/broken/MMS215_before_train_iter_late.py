"""``before_train_iter`` comes after the step."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import TinyModel, Training

SYMPTOM = "the log says that the step takes no time of its own"
OVERRIDES = {
    "train_cfg": {"type": "LateHookLoop", "max_epochs": 3},
    "model": TinyModel(pause=0.05),
}


def is_broken(seen: Training) -> bool:
    times = [line["data_time"] for line in seen.scalars if "loss" in line]
    return seen.error is None and min(times) > 0.04


@LOOPS.register_module()
class LateHookLoop(EpochBasedTrainLoop):
    def run_iter(self, idx: int, data_batch: Any) -> None:
        outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
        self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
        self.runner.call_hook(
            "after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs
        )
        self._iter += 1
