"""``_epoch`` is advanced one indentation too deep."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the first epoch ends training"
OVERRIDES = {"train_cfg": {"type": "EachBatchLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.error is None and len(seen.rates) == 4


@LOOPS.register_module()
class EachBatchLoop(EpochBasedTrainLoop):
    def run_epoch(self) -> None:
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
            self._epoch += 1
        self.runner.call_hook("after_train_epoch")
