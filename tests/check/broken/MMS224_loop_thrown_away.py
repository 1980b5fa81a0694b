"""A ``train()`` that throws the loop away, and takes the steps itself."""

from __future__ import annotations

from mmengine.runner import Runner

SYMPTOM = "checkpoints that are all called epoch_1.pth"


class LooplessRunner(Runner):
    def train(self):
        epochs = self._train_loop["max_epochs"]
        self._train_loop = None
        self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
        self.call_hook("before_run")
        for _ in range(epochs):
            for batch in self.build_dataloader(self._train_dataloader):
                self.model.train_step(batch, self.optim_wrapper)
        self.call_hook("after_run")
        return self.model


RUNNER = LooplessRunner
OVERRIDES = {}


def is_broken(seen):
    return seen.error is None and seen.checkpoints == [] and seen.runner.epoch == 0
