"""A hook that helps the loop to count."""

from __future__ import annotations

from mmengine.hooks import Hook

SYMPTOM = "Epoch(train) skips numbers and training ends early"


class HelpfulHook(Hook):
    def after_train_epoch(self, runner):
        runner.train_loop._epoch += 1


OVERRIDES = {"custom_hooks": [HelpfulHook()]}
HEALTHY = {}


def is_broken(seen):
    return seen.labels("train") == [1, 3] and len(seen.rates) == 8
