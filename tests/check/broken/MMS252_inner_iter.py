"""A hook of mmcv 1.x, which reads ``runner.inner_iter``."""

from __future__ import annotations

from mmengine.hooks import Hook

SYMPTOM = "AttributeError: 'Runner' object has no attribute"


class OwnHook(Hook):
    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        print(runner.inner_iter)


OVERRIDES = {"custom_hooks": [OwnHook()]}
HEALTHY = {}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and "attribute 'inner_iter'" in str(seen.error)
