"""``_epoch`` is computed from ``_iter`` after each batch, and mmengine advances it as well."""

from __future__ import annotations

from collections.abc import Sequence

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "the first checkpoint is epoch_2.pth, and the last epoch is not trained"
OVERRIDES = {"train_cfg": {"type": "DividingEpochLoop", "max_epochs": 4}}


def is_broken(seen: Training) -> bool:
    names = ["epoch_2.pth", "epoch_3.pth", "epoch_4.pth"]
    return seen.checkpoints == names and len(seen.rates) == 12


@LOOPS.register_module()
class DividingEpochLoop(EpochBasedTrainLoop):
    def run_iter(self, idx: int, data_batch: Sequence[dict]) -> None:
        super().run_iter(idx, data_batch)
        self._epoch = self._iter // len(self.dataloader)
