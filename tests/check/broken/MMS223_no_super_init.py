"""A constructor that stands alone."""

from __future__ import annotations

from mmengine.runner import Runner

SYMPTOM = "AttributeError: 'OwnRunner' object has no attribute 'model'"


class OwnRunner(Runner):
    def __init__(self, model, work_dir, **kwargs):
        self._own_model = model
        self._work_dir = work_dir
        self._arguments = kwargs


RUNNER = OwnRunner
OVERRIDES = {}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and SYMPTOM[16:] in str(seen.error)
