"""A loop without the decorator that its like has."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop, IterBasedTrainLoop

SYMPTOM = "KeyError: 'OwnLoop is not in the mmengine::loop registry."


@LOOPS.register_module()
class OtherIterLoop(IterBasedTrainLoop):
    pass


class UnregisteredLoop(EpochBasedTrainLoop):
    pass


# The name in two parts: a text is a use of it.
OVERRIDES = {"train_cfg": {"type": "Unregistered" + "Loop", "max_epochs": 3}}


def is_broken(seen):
    return isinstance(seen.error, KeyError) and "mmengine::loop registry" in str(seen.error)
