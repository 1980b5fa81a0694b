"""``_epoch`` is a property, so that resuming and counting cannot assign it."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "so does a property in place of the attribute _epoch"
OVERRIDES = {"train_cfg": {"type": "DerivedEpochLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return isinstance(seen.error, AttributeError)


@LOOPS.register_module()
class DerivedEpochLoop(EpochBasedTrainLoop):
    @property
    def _epoch(self) -> int:
        return self._iter // len(self.dataloader)
