"""``run_iter`` without ``after_train_iter``."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "there are no train lines at all, and the rate of a schedule by iteration stays constant"
OVERRIDES = {
    "train_cfg": {"type": "NoAfterIterLoop", "max_epochs": 3},
    "param_scheduler": {"type": "LinearLR", "by_epoch": False},
}


def is_broken(seen: Training) -> bool:
    return seen.error is None and not seen.labels("train") and len(set(seen.rates)) == 1


@LOOPS.register_module()
class NoAfterIterLoop(EpochBasedTrainLoop):
    def run_iter(self, idx: int, data_batch: Any) -> None:
        self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
        self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
        self._iter += 1
