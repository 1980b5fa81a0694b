"""A hook with the signature of mmcv 1.x."""

from __future__ import annotations

from mmengine.hooks import Hook

SYMPTOM = "TypeError: OwnHook.after_train_iter() got an unexpected keyword argument 'batch_idx'"


class OwnHook(Hook):
    def after_train_iter(self, runner):
        runner.logger.info("one more")


OVERRIDES = {"custom_hooks": [OwnHook()]}
HEALTHY = {}


def is_broken(seen):
    return isinstance(seen.error, TypeError) and "argument 'batch_idx'" in str(seen.error)
