"""Both ``super().run_iter()`` and the loop around it advance ``_iter``."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import TinyModel, Training

SYMPTOM = "the ETA is negative from the halfway point on"
OVERRIDES = {
    "train_cfg": {"type": "TwiceIterLoop", "max_epochs": 3},
    "model": TinyModel(pause=0.2),
}


def is_broken(seen: Training) -> bool:
    return seen.error is None and any(eta.startswith("-") for eta in seen.etas)


@LOOPS.register_module()
class TwiceIterLoop(EpochBasedTrainLoop):
    def run_epoch(self) -> None:
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
            self._iter += 1
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1
