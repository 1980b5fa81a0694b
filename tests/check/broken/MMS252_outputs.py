"""A hook of mmcv 1.x, which reads ``runner.outputs``."""

from __future__ import annotations

from mmengine.hooks import Hook

SYMPTOM = "AttributeError: 'Runner' object has no attribute"


class OwnHook(Hook):
    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        print(runner.outputs["loss"])


OVERRIDES = {"custom_hooks": [OwnHook()]}
HEALTHY = {}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and "attribute 'outputs'" in str(seen.error)
