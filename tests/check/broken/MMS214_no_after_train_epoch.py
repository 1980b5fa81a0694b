"""``run_epoch`` without ``after_train_epoch``."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "no checkpoint is written and the rate of a schedule by epoch stays constant"
OVERRIDES = {
    "train_cfg": {"type": "NoAfterEpochLoop", "max_epochs": 3},
    "param_scheduler": {"type": "LinearLR"},
}


def is_broken(seen: Training) -> bool:
    return seen.error is None and not seen.checkpoints and len(set(seen.rates)) == 1


@LOOPS.register_module()
class NoAfterEpochLoop(EpochBasedTrainLoop):
    def run_epoch(self) -> None:
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
        self._epoch += 1
