"""A hook that stops as one did with mmcv 1.x."""

from __future__ import annotations

from mmengine.hooks import Hook

SYMPTOM = "training continues to its last epoch as if nothing had happened"


class MmcvStopHook(Hook):
    def after_train_epoch(self, runner):
        runner._max_epochs = runner.epoch
        runner.should_stop = True


class StopHook(Hook):
    def after_train_epoch(self, runner):
        runner.train_loop.stop_training = True


OVERRIDES = {"custom_hooks": [MmcvStopHook()]}
HEALTHY = {"custom_hooks": [StopHook()]}


def is_broken(seen):
    return seen.error is None and seen.labels("train") == [1, 2, 3]
