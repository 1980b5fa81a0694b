"""``_iter`` counts samples."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import TinyModel

SYMPTOM = "the ETA is negative from the halfway point on"


@LOOPS.register_module()
class SamplesLoop(EpochBasedTrainLoop):
    def run_iter(self, idx, data_batch):
        runner = self.runner
        runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
        outputs = runner.model.train_step(data_batch, runner.optim_wrapper)
        runner.call_hook("after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs)
        self._iter += len(data_batch["inputs"])


OVERRIDES = {
    "train_cfg": {"type": "SamplesLoop", "max_epochs": 3},
    "model": TinyModel(pause=0.2),
}


def is_broken(seen):
    return seen.error is None and any(eta.startswith("-") for eta in seen.etas)
