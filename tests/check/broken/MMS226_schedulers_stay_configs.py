"""A ``train()`` that does not build the schedulers."""

from __future__ import annotations

from mmengine.runner import Runner

SYMPTOM = "AttributeError: 'dict' object has no attribute 'by_epoch'"


class ConfigRunner(Runner):
    def train(self):
        self._train_loop = self.build_train_loop(self._train_loop)
        self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
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


RUNNER = ConfigRunner
OVERRIDES = {"param_scheduler": [{"type": "LinearLR", "start_factor": 0.5, "by_epoch": False}]}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and SYMPTOM[16:] in str(seen.error)
