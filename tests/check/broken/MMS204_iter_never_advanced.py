"""``run_iter`` was overridden to clip the loss, and its last line forgotten."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "checkpoints have iter 0 inside"
OVERRIDES = {"train_cfg": {"type": "StandingIterLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.error is None and seen.meta("epoch_3.pth")["iter"] == 0


@LOOPS.register_module()
class StandingIterLoop(EpochBasedTrainLoop):
    def run_iter(self, idx: int, data_batch: Any) -> None:
        self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
        data = self.runner.model.data_preprocessor(data_batch, training=True)
        losses = self.runner.model(**data, mode="loss")
        loss, outputs = self.runner.model.parse_losses(losses)
        self.runner.optim_wrapper.update_params(loss.clamp(max=10.0))
        self.runner.call_hook(
            "after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs
        )
