"""A ``forward`` in the manner of mmcv 1.x."""

from __future__ import annotations

from mmengine.model import BaseModel
from support.tiny_training import TinyModel

SYMPTOM = "TypeError: OwnModel.forward() got an unexpected keyword argument 'mode'"


class OwnModel(TinyModel, BaseModel):
    def forward(self, inputs, data_samples=None, return_loss=True):
        mode = "loss" if return_loss else "predict"
        return super().forward(inputs, data_samples, mode=mode)


OVERRIDES = {"model": OwnModel()}
HEALTHY = {}


def is_broken(seen):
    return isinstance(seen.error, TypeError) and "argument 'mode'" in str(seen.error)
