"""A hook of mmcv 1.x, which reads ``runner.log_buffer``."""

from __future__ import annotations

from mmengine.hooks import Hook

SYMPTOM = "AttributeError: 'Runner' object has no attribute"


class OwnHook(Hook):
    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        print(runner.log_buffer)


OVERRIDES = {"custom_hooks": [OwnHook()]}
HEALTHY = {}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and "attribute 'log_buffer'" in str(seen.error)
