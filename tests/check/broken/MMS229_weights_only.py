"""A ``resume`` that restores the weights and nothing else."""

from __future__ import annotations

from mmengine.runner import Runner
from support.tiny_training import train_and_resume as train  # noqa: F401

SYMPTOM = "a resumed run starts at epoch 1 and takes as many steps as a new one"


class WeightsRunner(Runner):
    def resume(self, filename, resume_optimizer=True, resume_param_scheduler=True, **kwargs):
        self.load_checkpoint(filename, map_location="cpu")
        self.logger.info(f"resumed from {filename}")


RUNNER = WeightsRunner
OVERRIDES = {}


def is_broken(seen):
    return seen.error is None and seen.labels("train") == [1, 2, 3] and len(seen.rates) == 12
