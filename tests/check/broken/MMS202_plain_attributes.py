"""Counters in plain attributes ``epoch`` and ``iter``, as in mmcv 1.x."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import BaseLoop
from support.tiny_training import Training, train_and_resume

SYMPTOM = "With plain self.epoch and self.iter the same"
OVERRIDES = {"train_cfg": {"type": "PlainAttributesLoop", "max_epochs": 3}}
train = train_and_resume


def is_broken(seen: Training) -> bool:
    # Resumed after 2 of 3 epochs, 4 iterations are left.
    return seen.error is None and len(seen.rates) == 12


@LOOPS.register_module()
class PlainAttributesLoop(BaseLoop):
    def __init__(self, runner: Any, dataloader: Any, max_epochs: int) -> None:
        super().__init__(runner, dataloader)
        self.epoch = 0
        self.iter = 0
        self.max_epochs = max_epochs
        self.max_iters = max_epochs * len(self.dataloader)
        self.val_begin = 1
        self.val_interval = 1
        self.stop_training = False

    def run(self) -> Any:
        self.runner.call_hook("before_train")
        while self.epoch < self.max_epochs and not self.stop_training:
            self.runner.call_hook("before_train_epoch")
            self.runner.model.train()
            for idx, data_batch in enumerate(self.dataloader):
                self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
                outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
                self.runner.call_hook(
                    "after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs
                )
                self.iter += 1
            self.runner.call_hook("after_train_epoch")
            self.epoch += 1
            if (
                self.runner.val_loop is not None
                and self.epoch >= self.val_begin
                and self.epoch % self.val_interval == 0
            ):
                self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model
