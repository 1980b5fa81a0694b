"""``after_val_epoch`` without the metrics."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import ValLoop
from support.tiny_training import Training

SYMPTOM = "there is no best checkpoint, and the log has no metrics"
OVERRIDES = {
    "val_cfg": {"type": "NoMetricsValLoop"},
    "default_hooks": {
        "logger": {"type": "LoggerHook", "interval": 1},
        "checkpoint": {"type": "CheckpointHook", "save_best": "count", "rule": "greater"},
    },
}


def is_broken(seen: Training) -> bool:
    no_best = not any(name.startswith("best") for name in seen.checkpoints)
    return "count: " not in seen.log and no_best


@LOOPS.register_module()
class NoMetricsValLoop(ValLoop):
    def run(self) -> Any:
        self.runner.call_hook("before_val")
        self.runner.call_hook("before_val_epoch")
        self.runner.model.eval()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
        metrics = self.evaluator.evaluate(len(self.dataloader.dataset))
        self.runner.call_hook("after_val_epoch")
        self.runner.call_hook("after_val")
        return metrics
