"""A loop that counts on the Runner, too."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop

SYMPTOM = "AttributeError: 'Runner' object has no attribute '_epoch'"


@LOOPS.register_module()
class CountingLoop(EpochBasedTrainLoop):
    def run_epoch(self):
        super().run_epoch()
        self.runner._epoch += 1


OVERRIDES = {"train_cfg": {"type": "CountingLoop", "max_epochs": 3}}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and SYMPTOM[16:] in str(seen.error)
