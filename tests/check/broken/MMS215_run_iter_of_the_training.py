"""The iteration of the whole training, given to mmengine's ``run_iter``."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop

SYMPTOM = "the log says [6/4]"


@LOOPS.register_module()
class WholeIndexLoop(EpochBasedTrainLoop):
    def run_epoch(self):
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for data_batch in self.dataloader:
            self.run_iter(self._iter, data_batch)
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1


OVERRIDES = {"train_cfg": {"type": "WholeIndexLoop", "max_epochs": 3}}


def is_broken(seen):
    return seen.error is None and "[6/4]" in seen.log.replace(" ", "")
