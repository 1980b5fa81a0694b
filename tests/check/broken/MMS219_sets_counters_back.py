"""A validation that restores the counters it saw first."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import ValLoop
from support.tiny_training import EndlessTrainingError, Training

SYMPTOM = "the log says train[1] and val[0] again and again, and training never ends"
OVERRIDES = {"val_cfg": {"type": "RestoringValLoop"}}


def is_broken(seen: Training) -> bool:
    never_ends = isinstance(seen.error, EndlessTrainingError)
    return never_ends and seen.labels("train") == [1] and seen.labels("val") == [0]


@LOOPS.register_module()
class RestoringValLoop(ValLoop):
    def run(self) -> Any:
        self.runner.train_loop._epoch = 0
        return super().run()
