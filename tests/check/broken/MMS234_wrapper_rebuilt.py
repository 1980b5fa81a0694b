"""A loop that builds a new optimizer wrapper for each epoch."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop

SYMPTOM = "the learning rate in the log stays constant from the moment of the change"


@LOOPS.register_module()
class StageLoop(EpochBasedTrainLoop):
    def run_epoch(self):
        runner = self.runner
        settings = {"optimizer": {"type": "SGD", "lr": 0.1}}
        runner.optim_wrapper = runner.build_optim_wrapper(settings)
        super().run_epoch()


_SCHEDULE = {"type": "LinearLR", "start_factor": 1.0, "end_factor": 0.1, "by_epoch": False}
OVERRIDES = {
    "param_scheduler": _SCHEDULE,
    "train_cfg": {"type": "StageLoop", "max_epochs": 3},
}


def is_broken(seen):
    return seen.error is None and len(set(seen.rates)) == 1
