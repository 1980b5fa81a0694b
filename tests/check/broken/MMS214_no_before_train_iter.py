"""``run_iter`` without ``before_train_iter``."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the train lines have no lr and no eta"
OVERRIDES = {"train_cfg": {"type": "NoBeforeIterLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    lines = [line for line in seen.log.splitlines() if "Epoch(train)" in line]
    return bool(lines) and not any("lr:" in line or "eta:" in line for line in lines)


@LOOPS.register_module()
class NoBeforeIterLoop(EpochBasedTrainLoop):
    def run_iter(self, idx: int, data_batch: Any) -> None:
        outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
        self.runner.call_hook(
            "after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs
        )
        self._iter += 1
