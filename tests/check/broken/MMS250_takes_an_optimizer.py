"""A ``train_step`` of mmcv 1.x."""

from __future__ import annotations

from mmengine.model import BaseModel
from support.tiny_training import TinyModel

SYMPTOM = "TypeError: train_step() got an unexpected keyword argument 'optim_wrapper'"


class OptimizerModel(TinyModel, BaseModel):
    def train_step(self, data, optimizer):
        loss, log = self.parse_losses(self(**data, mode="loss"))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return log


OVERRIDES = {"model": OptimizerModel()}
HEALTHY = {}


def is_broken(seen):
    return isinstance(seen.error, TypeError) and "argument 'optim_wrapper'" in str(seen.error)
