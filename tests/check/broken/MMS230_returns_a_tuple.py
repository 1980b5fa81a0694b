"""A ``train_step`` that returns loss and log together."""

from __future__ import annotations

from mmengine.model import BaseModel
from support.tiny_training import TinyModel

SYMPTOM = "or 'tuple' object"


class TupleModel(TinyModel, BaseModel):
    def train_step(self, data, optim_wrapper):
        losses = self._run_forward(self.data_preprocessor(data, True), mode="loss")
        loss, log_vars = self.parse_losses(losses)
        optim_wrapper.update_params(loss)
        return loss, log_vars


OVERRIDES = {"model": TupleModel()}
HEALTHY = {}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and "'tuple' object" in str(seen.error)
