"""A Runner that sets the property of mmengine's."""

from __future__ import annotations

from mmengine.runner import Runner

SYMPTOM = "AttributeError: property 'epoch' of 'OwnRunner' object has no setter"


class OwnRunner(Runner):
    def train(self):
        self.epoch = 0
        return super().train()


RUNNER = OwnRunner
OVERRIDES = {}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and "set" in str(seen.error)
