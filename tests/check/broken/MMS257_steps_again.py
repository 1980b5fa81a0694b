"""A hook that trains each batch once more."""

from __future__ import annotations

from mmengine.hooks import Hook

SYMPTOM = "The model takes more steps than the log counts"


class AgainHook(Hook):
    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        runner.model.train_step(data_batch, runner.optim_wrapper)


OVERRIDES = {"custom_hooks": [AgainHook()]}
HEALTHY = {}


def is_broken(seen):
    return seen.error is None and len(seen.rates) == 24 and seen.runner.iter == 12
