"""Sound hooks in unusual forms."""

from __future__ import annotations

from mmengine.hooks import CheckpointHook, EMAHook, Hook
from mmengine.registry import HOOKS


@HOOKS.register_module()
class TakesKeywords(Hook):
    def after_train_iter(self, runner, **kwargs):
        self.last = kwargs["batch_idx"]


@HOOKS.register_module()
class TakesAnything(Hook):
    def after_train_iter(self, *args, **kwargs):
        self.count = getattr(self, "count", 0) + 1


@HOOKS.register_module()
class OnlyPositions(Hook):
    def before_train_iter(self, runner, batch_idx, data_batch=None):
        self.last = batch_idx


@HOOKS.register_module()
class ReadsTheEpoch(Hook):
    def after_train_epoch(self, runner):
        self.share = (runner.epoch + 1) / runner.max_epochs


@HOOKS.register_module()
class StopsTheTraining(Hook):
    def after_train_epoch(self, runner) -> None:
        if runner.epoch + 1 >= runner.max_epochs:
            runner.train_loop.stop_training = True


@HOOKS.register_module()
class KeepsMore(CheckpointHook):
    def after_train_epoch(self, runner):
        super().after_train_epoch(runner)
        self.kept = True


@HOOKS.register_module()
class LooksAtMetrics(Hook):
    def after_val_epoch(self, runner, metrics=None):
        self.best = max(getattr(self, "best", 0.0), (metrics or {}).get("count", 0.0))


@HOOKS.register_module()
class BothModes(Hook):
    def _after_iter(self, runner, batch_idx, data_batch=None, outputs=None, mode="train"):
        self.modes = {*getattr(self, "modes", ()), mode}


@HOOKS.register_module()
class SharesItsWork(Hook):
    priority = "LOW"

    def _work(self, runner):
        self.worked = runner.iter

    before_train_epoch = _work
    after_train_epoch = _work


@HOOKS.register_module()
class WithAHelper(Hook):
    def __init__(self, interval=1):
        self.interval = interval

    def is_due(self, runner):
        return self.every_n_epochs(runner, self.interval)

    def after_train_epoch(self, runner):
        if self.is_due(runner):
            runner.message_hub.update_info("due", runner.epoch)


@HOOKS.register_module()
class Unfreezes(Hook):
    def before_train_epoch(self, runner):
        for parameter in runner.model.parameters():
            parameter.requires_grad = runner.epoch >= 0


class _NoisyMixin:
    def before_run(self, runner):
        self.began = True


@HOOKS.register_module()
class FromTwoBases(_NoisyMixin, Hook):
    pass


@HOOKS.register_module()
class AveragesLater(EMAHook):
    def __init__(self, **kwargs):
        super().__init__(ema_type="ExponentialMovingAverage", **kwargs)
