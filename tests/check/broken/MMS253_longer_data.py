"""A dataloader that replaces the one that was counted."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import TinyModel, dataloader

SYMPTOM = "The ETA is negative from some point on"


@LOOPS.register_module()
class OtherDataLoop(EpochBasedTrainLoop):
    def __init__(self, runner, dataloader, max_epochs):
        super().__init__(runner, dataloader, max_epochs)
        self.dataloader = runner.build_dataloader(longer())


def longer():
    from torch.utils.data import ConcatDataset

    one = dataloader()
    return {**one, "dataset": ConcatDataset([one["dataset"]] * 3)}


OVERRIDES = {
    "train_cfg": {"type": "OtherDataLoop", "max_epochs": 3},
    "model": TinyModel(pause=0.1),
}


def is_broken(seen):
    return seen.error is None and any(eta.startswith("-") for eta in seen.etas)
