"""Right loops, written in unusual ways: the rules must find nothing in this file."""

from __future__ import annotations

import logging
from typing import Any

from mmengine.dist import is_main_process
from mmengine.registry import LOOPS
from mmengine.runner import BaseLoop, EpochBasedTrainLoop, IterBasedTrainLoop, TestLoop, ValLoop


@LOOPS.register_module()
class WrapsRun(EpochBasedTrainLoop):
    """Something before, something after, and mmengine's own in between."""

    def run(self) -> Any:
        logging.info("%d epochs of %d", self.max_epochs, len(self.dataloader))
        model = super().run()
        if is_main_process():
            logging.info("done at %d", self.epoch)
        return model


@LOOPS.register_module()
class ChangesItsStage(EpochBasedTrainLoop):
    """Two ways to an epoch, of which one returns early; ``*args`` handed on."""

    def __init__(self, *args: Any, first_epochs: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_epochs = first_epochs

    def run_epoch(self) -> None:
        if self._epoch >= self.first_epochs:
            self.stage = "all layers"
            super().run_epoch()
            return
        self.stage = "the head"
        super().run_epoch()


class CountsInAMixin:
    """Half a loop, to be put before a whole one."""

    def run_epoch(self: Any) -> None:
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx in range(len(self.dataloader)):
            if idx == 0:
                self.batches = iter(self.dataloader)
            self.run_iter(idx, next(self.batches))
        self.runner.call_hook("after_train_epoch")
        self._epoch = self._epoch + 1


@LOOPS.register_module()
class WithAMixin(CountsInAMixin, EpochBasedTrainLoop):
    """Overrides by its first base alone."""


@LOOPS.register_module()
class SeveralStepsAnIteration(EpochBasedTrainLoop):
    """Two updates for each batch, one iteration."""

    def run_iter(self, idx: int, data_batch: Any) -> None:
        data = {"batch_idx": idx, "data_batch": data_batch}
        self.runner.call_hook("before_train_iter", **data)
        for _ in range(2):
            losses = self.runner.model(**data_batch, mode="loss")
            loss, outputs = self.runner.model.parse_losses(losses)
            self.runner.optim_wrapper.update_params(loss)
        self.runner.call_hook("after_train_iter", **data, outputs=outputs)
        self._iter += 1


@LOOPS.register_module()
class EndsAnEpochWhenStopped(EpochBasedTrainLoop):
    """Looks at ``stop_training`` after each batch, too."""

    def run_epoch(self) -> None:
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
            if self.stop_training:
                break
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1


@LOOPS.register_module()
class EpochsByIterations(EpochBasedTrainLoop):
    """One ``while`` over iterations, which opens and closes the epochs itself."""

    def run(self) -> Any:
        self.runner.call_hook("before_train")
        length = len(self.dataloader)
        while self._iter < self._max_iters and not self.stop_training:
            idx = self._iter % length
            if idx == 0:
                batches = iter(self.dataloader)
                self.runner.call_hook("before_train_epoch")
                self.runner.model.train()
            self.run_iter(idx, next(batches))
            if idx + 1 == length:
                self.runner.call_hook("after_train_epoch")
                self._epoch += 1
                self._maybe_validate()
        self.runner.call_hook("after_train")
        return self.runner.model

    def _maybe_validate(self) -> None:
        if self.runner.val_loop is None or self._epoch < self.val_begin:
            return
        if self._epoch % self.val_interval == 0:
            self.runner.val_loop.run()


@LOOPS.register_module()
class OwnIterations(BaseLoop):
    """An iteration loop on ``BaseLoop``: one epoch is all of the training, as mmengine has it."""

    def __init__(
        self, runner: Any, dataloader: Any, max_iters: int, val_interval: int = 4
    ) -> None:
        super().__init__(runner, dataloader)
        self._max_iters = max_iters
        self._max_epochs = 1
        self._epoch = self._iter = 0
        self.val_begin = 1
        self.val_interval = val_interval
        self.stop_training = False

    epoch = property(lambda self: self._epoch)
    iter = property(lambda self: self._iter)
    max_epochs = property(lambda self: self._max_epochs)
    max_iters = property(lambda self: self._max_iters)

    def _batches(self) -> Any:
        while True:
            yield from self.dataloader

    def run(self) -> Any:
        runner = self.runner
        runner.call_hook("before_train")
        runner.call_hook("before_train_epoch")
        batches = self._batches()
        while not self.stop_training and self._iter < self._max_iters:
            runner.model.train()
            data_batch = next(batches)
            runner.call_hook("before_train_iter", batch_idx=self._iter, data_batch=data_batch)
            outputs = runner.model.train_step(data_batch, optim_wrapper=runner.optim_wrapper)
            runner.call_hook(
                "after_train_iter", batch_idx=self._iter, data_batch=data_batch, outputs=outputs
            )
            self._iter += 1
            is_due = self._iter >= self.val_begin and self._iter % self.val_interval == 0
            if is_due and runner.val_loop is not None:
                runner.val_loop.run()
        runner.call_hook("after_train_epoch")
        runner.call_hook("after_train")
        return runner.model


@LOOPS.register_module()
class SamplesForEachIteration(IterBasedTrainLoop):
    """Something chosen before each iteration of mmengine's loop."""

    def run_iter(self, data_batch: Any) -> None:
        self.chosen = self._iter % 3
        super().run_iter(data_batch)


@LOOPS.register_module()
class TwoRounds(ValLoop):
    """Validates twice and reports once."""

    def run(self) -> dict[str, float]:
        self.runner.call_hook("before_val")
        self.runner.call_hook("before_val_epoch")
        self.runner.model.eval()
        metrics: dict[str, float] = {}
        for name in ("first", "second"):
            for idx, data_batch in enumerate(self.dataloader):
                self.run_iter(idx, data_batch)
            found = self.evaluator.evaluate(len(self.dataloader.dataset))
            metrics.update({f"{name}/{key}": value for key, value in found.items()})
        self.runner.call_hook("after_val_epoch", metrics=metrics)
        self.runner.call_hook("after_val")
        return metrics


@LOOPS.register_module()
class Search(TestLoop):
    """No test at all: it looks for a subset, and asks the model many times."""

    def run(self) -> list[int]:
        best: list[int] = []
        for size in range(1, 3):
            outputs = [self.runner.model.test_step(batch) for batch in self.dataloader]
            best = [*best, size] if outputs else best
        return best
