"""A constructor that takes ``resume`` and does not hand it on."""

from __future__ import annotations

from mmengine.runner import Runner
from support.tiny_training import train_and_resume as train  # noqa: F401

SYMPTOM = "an argument that is swallowed has no effect: a run that should resume starts at epoch 1"


class SwallowingRunner(Runner):
    def __init__(self, model, work_dir, resume=False, **kwargs):
        super().__init__(model, work_dir, **kwargs)


RUNNER = SwallowingRunner
OVERRIDES = {}


def is_broken(seen):
    return seen.error is None and seen.labels("train") == [1, 2, 3]
