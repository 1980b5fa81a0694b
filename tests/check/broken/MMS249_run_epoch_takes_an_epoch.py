"""A loop whose epochs want their number."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop

SYMPTOM = "missing 1 required positional argument"


@LOOPS.register_module()
class NumberedEpochsLoop(EpochBasedTrainLoop):
    def run_epoch(self, epoch):
        super().run_epoch()


OVERRIDES = {"train_cfg": {"type": "NumberedEpochsLoop", "max_epochs": 3}}


def is_broken(seen):
    return isinstance(seen.error, TypeError) and SYMPTOM in str(seen.error)
