"""Sound validation loops in unusual forms."""

from __future__ import annotations

from contextlib import contextmanager

import torch
from mmengine.registry import LOOPS
from mmengine.runner import BaseLoop, TestLoop, ValLoop
from mmengine.runner.amp import autocast


@LOOPS.register_module()
class MeasuresTwice(ValLoop):
    def run(self):
        first = super().run()
        self.history = [*getattr(self, "history", []), first]
        return first


@LOOPS.register_module()
class HooksInAManager(ValLoop):
    @contextmanager
    def _epoch(self):
        self.runner.call_hook("before_val")
        self.runner.call_hook("before_val_epoch")
        self.runner.model.eval()
        yield
        self.runner.call_hook("after_val")

    def run(self):
        with self._epoch():
            for idx, data_batch in enumerate(self.dataloader):
                self.run_iter(idx, data_batch)
            metrics = self.evaluator.evaluate(len(self.dataloader.dataset))
            self.runner.call_hook("after_val_epoch", metrics=metrics)
        return metrics


@LOOPS.register_module()
class OnTheBaseLoop2(BaseLoop):
    def __init__(self, runner, dataloader, evaluator):
        super().__init__(runner, dataloader)
        self.evaluator = runner.build_evaluator(evaluator)

    @torch.no_grad()
    def run(self):
        runner = self.runner
        runner.call_hook("before_val")
        runner.call_hook("before_val_epoch")
        runner.model.eval()
        for idx, data_batch in enumerate(self.dataloader):
            runner.call_hook("before_val_iter", batch_idx=idx, data_batch=data_batch)
            outputs = runner.model.val_step(data_batch)
            self.evaluator.process(data_samples=outputs, data_batch=data_batch)
            runner.call_hook(
                "after_val_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs
            )
        metrics = self.evaluator.evaluate(len(self.dataloader.dataset))
        runner.call_hook("after_val_epoch", metrics=metrics)
        runner.call_hook("after_val")
        return metrics


@LOOPS.register_module()
class LooksAtHalf(ValLoop):
    @torch.no_grad()
    def run_iter(self, idx, data_batch):
        self.runner.call_hook("before_val_iter", batch_idx=idx, data_batch=data_batch)
        with autocast(enabled=self.fp16):
            outputs = self.runner.model.val_step(data_batch)
        self.evaluator.process(data_samples=outputs, data_batch=data_batch)
        self.runner.call_hook(
            "after_val_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs
        )


@LOOPS.register_module()
class TestsAsItValidates(TestLoop):
    def run(self):
        metrics = super().run()
        return {f"own/{key}": value for key, value in metrics.items()}


@LOOPS.register_module()
class RestoresTheMode(ValLoop):
    def run(self):
        was_training = self.runner.model.training
        try:
            return super().run()
        finally:
            self.runner.model.train(was_training)
