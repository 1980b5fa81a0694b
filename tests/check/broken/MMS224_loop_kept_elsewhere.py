"""A ``train()`` that keeps the loop in a variable."""

from __future__ import annotations

from mmengine.runner import Runner

SYMPTOM = (
    "Epoch(train) [1] in every epoch, an ETA that does not shrink, the same shuffle in every "
    "epoch, and checkpoints that are all called epoch_1.pth"
)


class VariableRunner(Runner):
    def train(self):
        loop = self.build_train_loop(self._train_loop)
        self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
        self._val_loop = self.build_val_loop(self._val_loop)
        self.call_hook("before_run")
        self._init_model_weights()
        self.load_or_resume()
        self.optim_wrapper.initialize_count_status(self.model, loop.iter, loop.max_iters)
        model = loop.run()
        self.call_hook("after_run")
        return model


RUNNER = VariableRunner
OVERRIDES = {}


def is_broken(seen):
    return seen.labels("train") == [1] and seen.checkpoints == ["epoch_1.pth"]
