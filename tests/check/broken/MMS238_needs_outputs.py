"""A hook that expects what mmengine does not pass at the end of an epoch."""

from __future__ import annotations

from mmengine.hooks import Hook

SYMPTOM = "missing 1 required positional argument"


class OutputsHook(Hook):
    def after_train_epoch(self, runner, outputs):
        runner.logger.info(f"{outputs}")


OVERRIDES = {"custom_hooks": [OutputsHook()]}
HEALTHY = {}


def is_broken(seen):
    return isinstance(seen.error, TypeError) and SYMPTOM in str(seen.error)
