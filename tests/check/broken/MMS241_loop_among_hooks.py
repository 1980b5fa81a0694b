"""A loop that is registered as a hook."""

from __future__ import annotations

from mmengine.registry import HOOKS
from mmengine.runner import EpochBasedTrainLoop

SYMPTOM = "KeyError: 'OwnLoop is not in the mmengine::loop registry."


@HOOKS.register_module()
class OwnLoop(EpochBasedTrainLoop):
    pass


OVERRIDES = {"train_cfg": {"type": "OwnLoop", "max_epochs": 3}}


def is_broken(seen):
    return isinstance(seen.error, KeyError) and "mmengine::loop registry" in str(seen.error)
