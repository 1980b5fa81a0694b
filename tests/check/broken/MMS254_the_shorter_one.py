"""Two dataloaders side by side, of which the shorter ends the epoch."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import dataloader

SYMPTOM = "an epoch ends at [2/4]"


@LOOPS.register_module()
class PairsLoop(EpochBasedTrainLoop):
    def __init__(self, runner, dataloader, max_epochs):
        super().__init__(runner, dataloader, max_epochs)
        self.other = runner.build_dataloader(shorter())

    def run_epoch(self):
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, (data_batch, _) in enumerate(zip(self.dataloader, self.other, strict=False)):
            self.run_iter(idx, data_batch)
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1


def shorter():
    from torch.utils.data import Subset

    one = dataloader()
    return {**one, "dataset": Subset(one["dataset"], range(4))}


OVERRIDES = {"train_cfg": {"type": "PairsLoop", "max_epochs": 3}}


def is_broken(seen):
    return seen.error is None and len(seen.rates) == 6 and seen.runner.max_iters == 12
