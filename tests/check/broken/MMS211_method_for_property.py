"""``max_iters`` is a method: the decorator was lost."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training

SYMPTOM = "TypeError: unsupported operand"
OVERRIDES = {"train_cfg": {"type": "MethodLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return isinstance(seen.error, TypeError) and seen.has_failed("unsupported operand")


@LOOPS.register_module()
class MethodLoop(EpochBasedTrainLoop):
    def max_iters(self) -> int:
        return self._max_iters
