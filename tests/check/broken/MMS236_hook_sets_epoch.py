"""A hook that sets a property of the Runner."""

from __future__ import annotations

from mmengine.hooks import Hook

SYMPTOM = "AttributeError: property 'epoch' of 'Runner' object has no setter"


class EpochHook(Hook):
    def before_train(self, runner):
        runner.epoch = 0


OVERRIDES = {"custom_hooks": [EpochHook()]}
HEALTHY = {}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and "set" in str(seen.error)
