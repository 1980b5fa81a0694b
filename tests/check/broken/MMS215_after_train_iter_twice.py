"""An extra call of ``after_train_iter``, for the log of a second loss."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "a schedule by iteration runs at double speed"
OVERRIDES = {
    "train_cfg": {"type": "HookTwiceLoop", "max_epochs": 3},
    "param_scheduler": {
        "type": "LinearLR",
        "start_factor": 1.0,
        "end_factor": 0.1,
        "by_epoch": False,
        "end": 8,
    },
}


def is_broken(seen: Training) -> bool:
    # 8 steps of the schedule in 4 iterations.
    return seen.error is None and len(set(seen.rates[4:])) == 1


@LOOPS.register_module()
class HookTwiceLoop(EpochBasedTrainLoop):
    def run_iter(self, idx: int, data_batch: Any) -> None:
        self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
        outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
        self.runner.call_hook(
            "after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs
        )
        self.runner.call_hook(
            "after_train_iter", batch_idx=idx, data_batch=data_batch, outputs={"extra": 1.0}
        )
        self._iter += 1
