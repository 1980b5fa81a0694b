"""A Runner that answers with fields of its own, which nothing advances."""

from __future__ import annotations

from mmengine.registry import RUNNERS
from mmengine.runner import Runner
from support.tiny_training import TinyModel

SYMPTOM = "Epoch(train) [1] again and again, every validation at [0] and an ETA below zero"


@RUNNERS.register_module()
class FieldRunner(Runner):
    def __init__(self, *args, **kwargs):
        self._epoch = self._iter = self._length = 0
        super().__init__(*args, **kwargs)

    @property
    def epoch(self):
        return self._epoch

    @property
    def iter(self):
        return self._iter

    @property
    def max_epochs(self):
        return self._length

    @property
    def max_iters(self):
        return self._length


RUNNER = FieldRunner
# The ETA counts whole seconds.
OVERRIDES = {"model": TinyModel(pause=0.1)}
HEALTHY = {"model": TinyModel()}


def is_broken(seen):
    labels = (seen.labels("train"), seen.labels("val"))
    return labels == ([1], [0]) and "-1 day, 23:59:59" in seen.etas
