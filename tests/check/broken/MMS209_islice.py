"""Short epochs, by ``islice``, for a quick try that stayed."""

from __future__ import annotations

from itertools import islice

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "The log says [2/4] at the last iteration of an epoch"
OVERRIDES = {"train_cfg": {"type": "ShortEpochLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    lines = [line for line in seen.log.splitlines() if "Epoch(train)" in line]
    return bool(lines) and not any("[3/4]" in line for line in lines)


@LOOPS.register_module()
class ShortEpochLoop(EpochBasedTrainLoop):
    def run_epoch(self) -> None:
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in enumerate(islice(self.dataloader, 2)):
            self.run_iter(idx, data_batch)
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1
