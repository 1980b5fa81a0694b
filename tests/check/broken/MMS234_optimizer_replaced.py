"""A hook that makes a new optimizer in the second epoch."""

from __future__ import annotations

import torch
from mmengine.hooks import Hook
from mmengine.registry import HOOKS

SYMPTOM = (
    "With a new optimizer in the old wrapper, the rate jumps back to its initial value and "
    "does not end where the schedule says"
)


@HOOKS.register_module()
class NewStageHook(Hook):
    def before_train_epoch(self, runner):
        if runner.epoch == 1:
            parameters = runner.model.parameters()
            runner.optim_wrapper.optimizer = torch.optim.SGD(parameters, lr=0.1)


_SCHEDULE = {"type": "LinearLR", "start_factor": 1.0, "end_factor": 0.1, "by_epoch": False}
OVERRIDES = {"param_scheduler": _SCHEDULE, "custom_hooks": [{"type": "NewStageHook"}]}
HEALTHY = {"param_scheduler": _SCHEDULE}


def is_broken(seen):
    return seen.error is None and seen.rates[3] < seen.rates[4] == seen.rates[0]
