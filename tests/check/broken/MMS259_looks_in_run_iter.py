"""A loop that looks at predictions between batches."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop

SYMPTOM = "There is no error and no difference in the log"


@LOOPS.register_module()
class LookingLoop(EpochBasedTrainLoop):
    def run_iter(self, idx, data_batch):
        super().run_iter(idx, data_batch)
        model = self.runner.model
        model.eval()
        model.val_step(data_batch)


OVERRIDES = {"train_cfg": {"type": "LookingLoop", "max_epochs": 3}}


def is_broken(seen):
    return seen.error is None and False in seen.modes
