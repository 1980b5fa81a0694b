"""A loop that calls hooks as if they were its own."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop

SYMPTOM = "object has no attribute 'call_hook'"


@LOOPS.register_module()
class OwnHooksLoop(EpochBasedTrainLoop):
    def run_epoch(self):
        super().run_epoch()
        self.call_hook("after_own_epoch")


OVERRIDES = {"train_cfg": {"type": "OwnHooksLoop", "max_epochs": 3}}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and SYMPTOM in str(seen.error)
