"""An epoch ends after some batches, by ``break``."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "a schedule by iteration never reaches its end"
OVERRIDES = {
    "train_cfg": {"type": "BreakingLoop", "max_epochs": 3},
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
class BreakingLoop(EpochBasedTrainLoop):
    batches_per_epoch = 2

    def run_epoch(self) -> None:
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            if idx >= self.batches_per_epoch:
                break
            self.run_iter(idx, data_batch)
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1
