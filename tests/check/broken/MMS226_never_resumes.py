"""A ``train()`` without ``load_or_resume``."""

from __future__ import annotations

from mmengine.runner import Runner
from support.tiny_training import train_and_resume as train  # noqa: F401

SYMPTOM = "a run that should resume starts at epoch 1"


class FreshRunner(Runner):
    def train(self):
        self._train_loop = self.build_train_loop(self._train_loop)
        self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
        if self.param_schedulers is not None:
            self.param_schedulers = self.build_param_scheduler(self.param_schedulers)
        self._val_loop = self.build_val_loop(self._val_loop)
        self.call_hook("before_run")
        self._init_model_weights()
        self.optim_wrapper.initialize_count_status(
            self.model, self._train_loop.iter, self._train_loop.max_iters
        )
        model = self.train_loop.run()
        self.call_hook("after_run")
        return model


RUNNER = FreshRunner
OVERRIDES = {}


def is_broken(seen):
    return seen.error is None and seen.labels("train") == [1, 2, 3]
