"""A ``train_step`` that returns the first value of ``parse_losses``."""

from __future__ import annotations

from mmengine.model import BaseModel
from support.tiny_training import TinyModel

SYMPTOM = "AttributeError: 'Tensor' object has no attribute 'items'"


class LossModel(TinyModel, BaseModel):
    def train_step(self, data, optim_wrapper):
        losses = self._run_forward(self.data_preprocessor(data, True), mode="loss")
        loss, _ = self.parse_losses(losses)
        optim_wrapper.update_params(loss)
        return loss


OVERRIDES = {"model": LossModel()}
HEALTHY = {}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and SYMPTOM[16:] in str(seen.error)
