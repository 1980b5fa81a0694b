"""``batch_idx`` of an iteration loop in an epoch loop."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the log says [6/4]"
OVERRIDES = {"train_cfg": {"type": "TrainingIndexLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.error is None and any(
        f"[{number}/4]" in seen.log.replace(" ", "") for number in (5, 6)
    )


@LOOPS.register_module()
class TrainingIndexLoop(EpochBasedTrainLoop):
    def run_iter(self, idx: int, data_batch: Any) -> None:
        self.runner.call_hook("before_train_iter", batch_idx=self._iter, data_batch=data_batch)
        outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
        self.runner.call_hook(
            "after_train_iter", batch_idx=self._iter, data_batch=data_batch, outputs=outputs
        )
        self._iter += 1
