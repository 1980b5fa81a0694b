"""``run_iter`` as the iteration loop has it, in an epoch loop."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop

SYMPTOM = "takes 2 positional arguments but 3 were given"


@LOOPS.register_module()
class OnlyBatchesLoop(EpochBasedTrainLoop):
    def run_iter(self, data_batch):
        super().run_iter(0, data_batch)


OVERRIDES = {"train_cfg": {"type": "OnlyBatchesLoop", "max_epochs": 3}}


def is_broken(seen):
    return isinstance(seen.error, TypeError) and SYMPTOM in str(seen.error)
