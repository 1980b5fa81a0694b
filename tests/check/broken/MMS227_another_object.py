"""A ``build_train_loop`` that returns an object of no known base."""

from __future__ import annotations

from mmengine.runner import Runner

SYMPTOM = "Epoch(train) [1] in every epoch and 0 for the length"


class PlainLoop:
    def __init__(self, runner, dataloader, max_epochs):
        self.runner = runner
        self.dataloader = runner.build_dataloader(dataloader)
        self.max_epochs = max_epochs
        self.max_iters = max_epochs * len(self.dataloader)
        self.epoch = self.iter = 0

    def run(self):
        self.runner.call_hook("before_train")
        while self.epoch < self.max_epochs:
            self.runner.call_hook("before_train_epoch")
            for index, batch in enumerate(self.dataloader):
                self.runner.call_hook("before_train_iter", batch_idx=index, data_batch=batch)
                outputs = self.runner.model.train_step(batch, self.runner.optim_wrapper)
                self.runner.call_hook(
                    "after_train_iter", batch_idx=index, data_batch=batch, outputs=outputs
                )
                self.iter += 1
            self.runner.call_hook("after_train_epoch")
            self.epoch += 1
        self.runner.call_hook("after_train")
        return self.runner.model


class PlainRunner(Runner):
    def build_train_loop(self, loop):
        if isinstance(loop, PlainLoop):
            return loop
        return PlainLoop(self, self._train_dataloader, loop["max_epochs"])


RUNNER = PlainRunner
OVERRIDES = {}


def is_broken(seen):
    return seen.labels("train") == [1] and seen.runner.max_epochs == 0
