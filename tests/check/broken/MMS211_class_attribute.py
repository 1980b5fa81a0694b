"""A class attribute ``max_epochs``, meant as a default, hides the property."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "hooks and schedulers go by the class"
OVERRIDES = {
    "train_cfg": {"type": "ClassAttributeLoop", "max_epochs": 3},
    "param_scheduler": {"type": "LinearLR", "start_factor": 1.0, "end_factor": 0.1},
}


def is_broken(seen: Training) -> bool:
    return seen.error is None and len(seen.rates) == 12 and seen.rates[-1] > 0.05


@LOOPS.register_module()
class ClassAttributeLoop(EpochBasedTrainLoop):
    max_epochs = 12
