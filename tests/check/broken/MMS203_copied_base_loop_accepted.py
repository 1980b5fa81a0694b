"""The reported bug: a copied ``BaseLoop``, and a Runner that was adapted to take it."""

from __future__ import annotations

from typing import Any

from mmengine.registry import LOOPS
from mmengine.runner import Runner
from support.tiny_training import TinyModel, Training

SYMPTOM = "the log says train[1], val[0] forever"
OVERRIDES = {
    "train_cfg": {"type": "ForeignLoopAccepted", "max_epochs": 3},
    "model": TinyModel(pause=0.15),
}


class AdaptedRunner(Runner):
    """Takes any loop, because mmengine's check stood in the way."""

    def build_train_loop(self, loop: Any) -> Any:
        if not isinstance(loop, dict) or "type" not in loop:
            return super().build_train_loop(loop)
        data = {"runner": self, "dataloader": self._train_dataloader}
        self._accepted_loop = LOOPS.build(loop, default_args=data)
        return self._accepted_loop

    @property
    def train_loop(self) -> Any:
        if not hasattr(self, "_accepted_loop"):
            self._accepted_loop = self.build_train_loop(self._train_loop)
        return self._accepted_loop


RUNNER = AdaptedRunner


def is_broken(seen: Training) -> bool:
    return (
        seen.error is None
        and seen.labels("train") == [1]
        and seen.labels("val") == [0]
        and any(eta.startswith("-") for eta in seen.etas)
        and seen.meta("epoch_1.pth")["iter"] == 0
    )


class CopiedBaseLoopAccepted:
    def __init__(self, runner: Any, dataloader: Any) -> None:
        self.runner = runner
        self.dataloader = runner.build_dataloader(dataloader)


@LOOPS.register_module()
class ForeignLoopAccepted(CopiedBaseLoopAccepted):
    def __init__(self, runner: Any, dataloader: Any, max_epochs: int) -> None:
        super().__init__(runner, dataloader)
        self._max_epochs = max_epochs
        self._max_iters = max_epochs * len(self.dataloader)
        self._epoch = 0
        self._iter = 0
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
                self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
                outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
                self.runner.call_hook(
                    "after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs
                )
                self._iter += 1
            self.runner.call_hook("after_train_epoch")
            self._epoch += 1
            if self.runner.val_loop is not None:
                self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model
