"""A ``train()`` that takes the steps itself."""

from __future__ import annotations

from mmengine.runner import Runner

SYMPTOM = "checkpoints that are all called epoch_1.pth"


class SteppingRunner(Runner):
    def train(self):
        self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
        self.call_hook("before_run")
        self.call_hook("before_train")
        for _ in range(self.max_epochs):
            self.call_hook("before_train_epoch")
            for index, batch in enumerate(self.train_dataloader):
                self.call_hook("before_train_iter", batch_idx=index, data_batch=batch)
                outputs = self.model.train_step(batch, self.optim_wrapper)
                self.call_hook(
                    "after_train_iter", batch_idx=index, data_batch=batch, outputs=outputs
                )
            self.call_hook("after_train_epoch")
        self.call_hook("after_train")
        self.call_hook("after_run")
        return self.model


RUNNER = SteppingRunner
OVERRIDES = {}


def is_broken(seen):
    return seen.error is None and seen.checkpoints == ["epoch_1.pth"]
