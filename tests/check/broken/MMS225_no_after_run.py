"""A ``train()`` that ends when the loop does."""

from __future__ import annotations

from mmengine.hooks import Hook
from mmengine.runner import Runner

SYMPTOM = "without after_run, hooks never finish"


class Witness(Hook):
    def before_run(self, runner):
        runner.message_hub.update_info("finished", False)

    def after_run(self, runner):
        runner.message_hub.update_info("finished", True)


class UnfinishedRunner(Runner):
    def train(self):
        self._train_loop = self.build_train_loop(self._train_loop)
        self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
        if self.param_schedulers is not None:
            self.param_schedulers = self.build_param_scheduler(self.param_schedulers)
        self._val_loop = self.build_val_loop(self._val_loop)
        self.call_hook("before_run")
        self._init_model_weights()
        self.load_or_resume()
        self.optim_wrapper.initialize_count_status(
            self.model, self._train_loop.iter, self._train_loop.max_iters
        )
        return self.train_loop.run()


RUNNER = UnfinishedRunner
OVERRIDES = {"custom_hooks": [Witness()]}


def is_broken(seen):
    return seen.error is None and not seen.runner.message_hub.get_info("finished")
