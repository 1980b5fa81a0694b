"""A hook that steps the optimizer with the gradients of the last batch."""

from __future__ import annotations

from mmengine.hooks import Hook

SYMPTOM = "There is no error"
steps = []


class OptimizerHook(Hook):
    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        before = runner.model.layer.weight.clone()
        runner.optim_wrapper.optimizer.step()
        steps.append(bool((runner.model.layer.weight != before).any()))


ACCUMULATED = {
    "type": "OptimWrapper",
    "optimizer": {"type": "SGD", "lr": 0.1},
    "accumulative_counts": 4,
}
OVERRIDES = {"custom_hooks": [OptimizerHook()], "optim_wrapper": ACCUMULATED}
HEALTHY = {"optim_wrapper": ACCUMULATED}


def is_broken(seen):
    moved = [*steps]
    steps.clear()
    return seen.error is None and any(moved)
