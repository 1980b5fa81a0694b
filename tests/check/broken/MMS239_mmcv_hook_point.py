"""A hook with a method that mmcv 1.x would have called."""

from __future__ import annotations

from mmengine.hooks import Hook

SYMPTOM = "what the method does never happens"


class MmcvHook(Hook):
    def after_epoch(self, runner):
        runner.message_hub.update_info("noticed", runner.epoch)


class EpochEndHook(Hook):
    def after_train_epoch(self, runner):
        runner.message_hub.update_info("noticed", runner.epoch)


OVERRIDES = {"custom_hooks": [MmcvHook()]}
HEALTHY = {"custom_hooks": [EpochEndHook()]}


def is_broken(seen):
    return seen.error is None and seen.runner.message_hub.get_info("noticed") is None
