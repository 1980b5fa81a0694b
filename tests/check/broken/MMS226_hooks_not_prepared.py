"""A ``train()`` without ``before_run``."""

from __future__ import annotations

from mmengine.runner import Runner

SYMPTOM = "'EMAHook' object has no attribute"


class UnpreparedRunner(Runner):
    def train(self):
        self._train_loop = self.build_train_loop(self._train_loop)
        self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
        if self.param_schedulers is not None:
            self.param_schedulers = self.build_param_scheduler(self.param_schedulers)
        self._val_loop = self.build_val_loop(self._val_loop)
        self._init_model_weights()
        self.load_or_resume()
        self.optim_wrapper.initialize_count_status(
            self.model, self._train_loop.iter, self._train_loop.max_iters
        )
        model = self.train_loop.run()
        self.call_hook("after_run")
        return model


RUNNER = UnpreparedRunner
OVERRIDES = {"custom_hooks": [{"type": "EMAHook"}]}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and SYMPTOM in str(seen.error)
