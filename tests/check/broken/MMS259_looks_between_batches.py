"""A hook that looks at predictions between batches."""

from __future__ import annotations

from mmengine.hooks import Hook

SYMPTOM = "There is no error and no difference in the log"


class LookingHook(Hook):
    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        runner.model.eval()
        runner.model.val_step(data_batch)


OVERRIDES = {"custom_hooks": [LookingHook()]}
HEALTHY = {}


def is_broken(seen):
    return seen.error is None and False in seen.modes
