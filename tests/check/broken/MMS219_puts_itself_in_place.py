"""A validation that makes itself the loop that the Runner tells the time by."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import ValLoop
from support.tiny_training import Training

SYMPTOM = "object has no attribute 'epoch'"
OVERRIDES = {"val_cfg": {"type": "UsurpingValLoop"}}


def is_broken(seen: Training) -> bool:
    return seen.has_failed("object has no attribute 'epoch'")


@LOOPS.register_module()
class UsurpingValLoop(ValLoop):
    def run(self) -> Any:
        self.runner._train_loop = self
        return super().run()
