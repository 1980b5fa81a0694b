"""A validation of two rounds, of which only the last is closed."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import ValLoop
from support.tiny_training import Training

SYMPTOM = "the loss jumps back after the validation"
OVERRIDES = {
    "val_cfg": {"type": "OpensTwiceValLoop"},
    "custom_hooks": [{"type": "EMAHook"}],
    "log_processor": {"window_size": 1},
}


def is_broken(seen: Training) -> bool:
    losses = [line["loss"] for line in seen.scalars if "loss" in line]
    return seen.error is None and losses[4] > 2 * losses[3]


@LOOPS.register_module()
class OpensTwiceValLoop(ValLoop):
    def run(self) -> Any:
        self.runner.call_hook("before_val")
        self.runner.model.eval()
        for _ in range(2):
            self.runner.call_hook("before_val_epoch")
            for idx, data_batch in enumerate(self.dataloader):
                self.run_iter(idx, data_batch)
        metrics = self.evaluator.evaluate(len(self.dataloader.dataset))
        self.runner.call_hook("after_val_epoch", metrics=metrics)
        self.runner.call_hook("after_val")
        return metrics
