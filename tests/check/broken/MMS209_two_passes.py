"""Each epoch goes through the data twice."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import TinyModel, Training

SYMPTOM = "with more passes the ETA is negative from some point on"
OVERRIDES = {
    "train_cfg": {"type": "TwoPassesLoop", "max_epochs": 3},
    "model": TinyModel(pause=0.2),
}


def is_broken(seen: Training) -> bool:
    return seen.error is None and any(eta.startswith("-") for eta in seen.etas)


@LOOPS.register_module()
class TwoPassesLoop(EpochBasedTrainLoop):
    def run_epoch(self) -> None:
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1
