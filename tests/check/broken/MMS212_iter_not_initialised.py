"""A loop on ``BaseLoop`` that never sets ``_iter`` to 0."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import BaseLoop
from support.tiny_training import Training

SYMPTOM = "or another of the names"
OVERRIDES = {"train_cfg": {"type": "NoIterLoop", "max_epochs": 3}}


def is_broken(seen: Training) -> bool:
    return seen.has_failed("object has no attribute '_iter'")


@LOOPS.register_module()
class NoIterLoop(BaseLoop):
    def __init__(self, runner: Any, dataloader: Any, max_epochs: int) -> None:
        super().__init__(runner, dataloader)
        self._max_epochs = max_epochs
        self._max_iters = max_epochs * len(self.dataloader)
        self._epoch = 0
        self.val_begin = 1
        self.val_interval = 1
        self.stop_training = False

    @property
    def epoch(self) -> int:
        return self._epoch

    @property
    def iter(self) -> int:
        return self._iter

    @property
    def max_epochs(self) -> int:
        return self._max_epochs

    @property
    def max_iters(self) -> int:
        return self._max_iters

    def run(self) -> Any:
        self.runner.call_hook("before_train")
        while self._epoch < self._max_epochs and not self.stop_training:
            self.runner.call_hook("before_train_epoch")
            self.runner.model.train()
            for idx, data_batch in enumerate(self.dataloader):
                self.run_iter(idx, data_batch)
            self.runner.call_hook("after_train_epoch")
            self._epoch += 1
            if (
                self.runner.val_loop is not None
                and self._epoch >= self.val_begin
                and self._epoch % self.val_interval == 0
            ):
                self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model

    def run_iter(self, idx: int, data_batch: Any) -> None:
        self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
        outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
        self.runner.call_hook(
            "after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs
        )
        self._iter += 1
