"""A ``build_train_loop`` that builds from ``LOOPS`` alone."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import Runner

SYMPTOM = 'KeyError: \'cfg or default_args must contain the key "type"'


class LoopsRunner(Runner):
    def build_train_loop(self, loop):
        given = {"runner": self, "dataloader": self._train_dataloader}
        return LOOPS.build(loop, default_args=given)


RUNNER = LoopsRunner
OVERRIDES = {"train_cfg": {"by_epoch": True, "max_epochs": 3}}
HEALTHY = OVERRIDES


def is_broken(seen):
    return isinstance(seen.error, KeyError) and 'must contain the key "type"' in str(seen.error)
