"""A ``build_train_loop`` without ``return``."""

from __future__ import annotations

from mmengine.runner import Runner

SYMPTOM = "AttributeError: 'NoneType' object has no attribute"


class ForgetfulRunner(Runner):
    def build_train_loop(self, loop):
        built = super().build_train_loop(loop)
        self.logger.info(f"trains for {built.max_epochs} epochs")


RUNNER = ForgetfulRunner
OVERRIDES = {}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and SYMPTOM[16:] in str(seen.error)
