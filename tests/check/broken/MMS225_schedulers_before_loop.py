"""A ``train()`` that builds the schedulers before the loop."""

from __future__ import annotations

from mmengine.runner import Runner

SYMPTOM = "an annealing never gets anywhere and the learning rate keeps its initial value"


class HastyRunner(Runner):
    def train(self):
        self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
        self.param_schedulers = self.build_param_scheduler(self.param_schedulers)
        self._train_loop = self.build_train_loop(self._train_loop)
        self._val_loop = self.build_val_loop(self._val_loop)
        self.call_hook("before_run")
        self._init_model_weights()
        self.load_or_resume()
        self.optim_wrapper.initialize_count_status(
            self.model, self._train_loop.iter, self._train_loop.max_iters
        )
        model = self.train_loop.run()
        self.call_hook("after_run")
        return model


RUNNER = HastyRunner
OVERRIDES = {"param_scheduler": {"type": "CosineAnnealingLR"}}


def is_broken(seen):
    return seen.error is None and min(seen.rates) > 0.0999
