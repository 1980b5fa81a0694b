"""A validation that builds the train loop again, to reach its dataloader."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import ValLoop
from support.tiny_training import Training

SYMPTOM = (
    "With another train loop put in place, the hooks watch one that does not run: the same labels"
)
OVERRIDES = {"val_cfg": {"type": "RebuildingValLoop"}}


def is_broken(seen: Training) -> bool:
    return seen.error is None and seen.labels("train") == [1] and seen.labels("val") == [0]


@LOOPS.register_module()
class RebuildingValLoop(ValLoop):
    def run(self) -> Any:
        config = {"type": "EpochBasedTrainLoop", "max_epochs": self.runner.max_epochs}
        self.runner._train_loop = self.runner.build_train_loop(config)
        return super().run()
