"""``for self._epoch in range(...)``: short, and it cannot be resumed."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop
from support.tiny_training import Training, train_and_resume

SYMPTOM = "a resumed run starts from the first epoch again"
OVERRIDES = {"train_cfg": {"type": "RangeLoop", "max_epochs": 3}}
train = train_and_resume


def is_broken(seen: Training) -> bool:
    # Resumed after 2 of 3 epochs, 4 iterations are left.
    return seen.error is None and len(seen.rates) == 12


@LOOPS.register_module()
class RangeLoop(EpochBasedTrainLoop):
    def run(self) -> Any:
        self.runner.call_hook("before_train")
        for self._epoch in range(self._max_epochs):  # noqa: B020
            if self.stop_training:
                break
            self.runner.call_hook("before_train_epoch")
            self.runner.model.train()
            for idx, data_batch in enumerate(self.dataloader):
                self.run_iter(idx, data_batch)
            self.runner.call_hook("after_train_epoch")
            if (
                self.runner.val_loop is not None
                and self._epoch >= self.val_begin
                and self._epoch % self.val_interval == 0
            ):
                self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model
