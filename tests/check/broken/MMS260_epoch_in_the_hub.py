"""A hook that writes another epoch into the message hub."""

from __future__ import annotations

from mmengine.hooks import Hook

SYMPTOM = "gives the written number until the hook writes its own again"


class HubHook(Hook):
    def after_train_epoch(self, runner):
        runner.message_hub.update_info("epoch", 99)


OVERRIDES = {"custom_hooks": [HubHook()]}
HEALTHY = {}


def is_broken(seen):
    return seen.error is None and seen.runner.message_hub.get_info("epoch") == 99
