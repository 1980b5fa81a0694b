"""A hook that unwraps the model for good."""

from __future__ import annotations

from mmengine.hooks import Hook

SYMPTOM = "object has no attribute 'module'"


class UnwrappingHook(Hook):
    def before_train(self, runner):
        runner.model = runner.model.module


OVERRIDES = {"custom_hooks": [UnwrappingHook()]}
HEALTHY = {}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and SYMPTOM in str(seen.error)
