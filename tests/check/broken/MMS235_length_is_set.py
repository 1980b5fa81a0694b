"""A hook that sets the length of the training on the Runner."""

from __future__ import annotations

from mmengine.hooks import Hook

SYMPTOM = "AttributeError: property 'max_epochs' of 'Runner' object has no setter"


class ShorteningHook(Hook):
    def before_train(self, runner):
        runner.max_epochs = 2


OVERRIDES = {"custom_hooks": [ShorteningHook()]}
HEALTHY = {}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and "set" in str(seen.error)
