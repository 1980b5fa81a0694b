"""Counters of other names behind the properties that hooks read."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training, train_and_resume

SYMPTOM = "it starts from the first epoch again"
OVERRIDES = {"train_cfg": {"type": "OwnNamesLoop", "max_epochs": 3}}
train = train_and_resume


def is_broken(seen: Training) -> bool:
    # Resumed after 2 of 3 epochs, 4 iterations are left.
    return seen.error is None and len(seen.rates) == 12


@LOOPS.register_module()
class OwnNamesLoop(EpochBasedTrainLoop):
    def __init__(self, runner: Any, dataloader: Any, max_epochs: int) -> None:
        super().__init__(runner, dataloader, max_epochs)
        self.finished_epochs = 0
        self.finished_iters = 0

    @property
    def epoch(self) -> int:
        return self.finished_epochs

    @property
    def iter(self) -> int:
        return self.finished_iters

    def run(self) -> Any:
        self.runner.call_hook("before_train")
        while self.finished_epochs < self._max_epochs and not self.stop_training:
            self.run_epoch()
            if (
                self.runner.val_loop is not None
                and self.finished_epochs >= self.val_begin
                and self.finished_epochs % self.val_interval == 0
            ):
                self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model

    def run_epoch(self) -> None:
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
        self.runner.call_hook("after_train_epoch")
        self.finished_epochs += 1

    def run_iter(self, idx: int, data_batch: Any) -> None:
        self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
        outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
        self.runner.call_hook(
            "after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs
        )
        self.finished_iters += 1
