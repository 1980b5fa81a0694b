"""A ``train_step`` that does not touch the optimizer wrapper."""

from __future__ import annotations

import pytest
from mmengine.model import BaseModel
from support.tiny_training import BATCHES, TinyModel

SYMPTOM = "the loss on the same data never falls"


class IdleModel(TinyModel, BaseModel):
    def train_step(self, data, optim_wrapper):
        losses = self._run_forward(self.data_preprocessor(data, True), mode="loss")
        loss, log_vars = self.parse_losses(losses)
        loss.backward()
        return log_vars


# Each line of the log tells of its own batch only.
_PLAIN = {"log_processor": {"window_size": 1}}
OVERRIDES = {"model": IdleModel(), **_PLAIN}
HEALTHY = _PLAIN


def is_broken(seen):
    # Whatever the shuffle, an epoch sees all the data.
    losses = [line["loss"] for line in seen.scalars if "loss" in line]
    first, last = sum(losses[:BATCHES]), sum(losses[-BATCHES:])
    return first > 0 and last == pytest.approx(first)
