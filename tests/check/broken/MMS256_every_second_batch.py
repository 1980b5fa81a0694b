"""Gradient accumulation, counted by hand."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import TinyModel

SYMPTOM = "The ETA stays far too long and never reaches zero"


@LOOPS.register_module()
class SecondBatchLoop(EpochBasedTrainLoop):
    def run_iter(self, idx, data_batch):
        runner = self.runner
        runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
        outputs = runner.model.train_step(data_batch, runner.optim_wrapper)
        runner.call_hook("after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs)
        if idx % 2:
            self._iter += 1


OVERRIDES = {
    "train_cfg": {"type": "SecondBatchLoop", "max_epochs": 3},
    "model": TinyModel(pause=0.2),
}


def is_broken(seen):
    return seen.error is None and (seen.runner.iter, seen.runner.max_iters) == (6, 12)
