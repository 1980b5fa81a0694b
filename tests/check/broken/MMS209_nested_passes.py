"""Several passes over the dataloader in a loop within each epoch."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import TinyModel

SYMPTOM = "with more passes the ETA is negative from some point on"


@LOOPS.register_module()
class NestedPassesLoop(EpochBasedTrainLoop):
    def run_epoch(self):
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for _ in range(3):
            for idx, data_batch in enumerate(self.dataloader):
                self.run_iter(idx, data_batch)
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1


OVERRIDES = {
    "train_cfg": {"type": "NestedPassesLoop", "max_epochs": 3},
    "model": TinyModel(pause=0.1),
}


def is_broken(seen):
    return seen.error is None and any(eta.startswith("-") for eta in seen.etas)
