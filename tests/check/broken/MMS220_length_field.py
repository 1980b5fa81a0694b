"""A Runner whose own length is not known when the schedulers are built."""

from __future__ import annotations

from mmengine.runner import Runner

SYMPTOM = "ValueError: end should be larger than begin"


class LengthRunner(Runner):
    def __init__(self, *args, **kwargs):
        self._length = 0
        super().__init__(*args, **kwargs)

    @property
    def max_epochs(self):
        return self._length

    def train(self):
        model = super().train()
        self._length = len(self.train_dataloader)
        return model


RUNNER = LengthRunner
OVERRIDES = {"param_scheduler": {"type": "LinearLR", "start_factor": 0.5}}


def is_broken(seen):
    return isinstance(seen.error, ValueError) and SYMPTOM[12:] in str(seen.error)
