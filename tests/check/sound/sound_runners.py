"""Sound Runners in unusual forms."""

from __future__ import annotations

import copy
from typing import Any

from mmengine.registry import RUNNERS
from mmengine.runner import EpochBasedTrainLoop, Runner


@RUNNERS.register_module()
class HandsAllOn(Runner):
    def __init__(self, *args, note="", **kwargs):
        self.note = note
        super().__init__(*args, **kwargs)


@RUNNERS.register_module()
class SetsUpInAMethod(Runner):
    def __init__(self, *args, **kwargs):
        self._set_up(*args, **kwargs)

    def _set_up(self, *args, **kwargs):
        super().__init__(*args, **kwargs)


@RUNNERS.register_module()
class CallsByName(Runner):
    def __init__(self, **kwargs):
        Runner.__init__(self, **kwargs)


@RUNNERS.register_module()
class ChangesTheConfig(Runner):
    @classmethod
    def from_cfg(cls, cfg):
        cfg = copy.deepcopy(cfg)
        cfg.setdefault("log_level", "INFO")
        return super().from_cfg(cfg)


@RUNNERS.register_module()
class TimesItsTraining(Runner):
    def train(self):
        model = super().train()
        self.trained = True
        return model


@RUNNERS.register_module()
class BuildsItsLoop(Runner):
    def build_train_loop(self, loop: Any):
        if isinstance(loop, dict) and "type" not in loop:
            return EpochBasedTrainLoop(**loop, runner=self, dataloader=self._train_dataloader)
        return super().build_train_loop(loop)


@RUNNERS.register_module()
class CallsHooksItself(Runner):
    def call_hook(self, fn_name, **kwargs):
        self.called = fn_name
        super().call_hook(fn_name, **kwargs)


@RUNNERS.register_module()
class ReadsItsProgress(Runner):
    @property
    def share(self):
        return self.iter / max(self.max_iters, 1)


@RUNNERS.register_module()
class ResumesWithMore(Runner):
    def resume(self, filename, *args, **kwargs):
        super().resume(filename, *args, **kwargs)
        self.resumed_from = filename


class _Logs:
    def train(self):
        self.logger.info("begins")
        return super().train()


@RUNNERS.register_module()
class WithAMixinBefore(_Logs, Runner):
    pass


@RUNNERS.register_module()
class WrapsItsModel(Runner):
    def wrap_model(self, model_wrapper_cfg, model):
        return super().wrap_model(model_wrapper_cfg, model)


@RUNNERS.register_module(name="AnotherNameOfARunner")
class RegistersTwoHooks(Runner):
    def register_hooks(self, default_hooks=None, custom_hooks=None):
        super().register_hooks(default_hooks, custom_hooks)
