"""A constructor that names the arguments of one project."""

from __future__ import annotations

from mmengine.runner import Runner

SYMPTOM = "TypeError: OwnRunner.__init__() got an unexpected keyword argument"


class OwnRunner(Runner):
    def __init__(self, model, work_dir, train_dataloader=None, train_cfg=None, optim_wrapper=None):
        super().__init__(
            model,
            work_dir,
            train_dataloader=train_dataloader,
            train_cfg=train_cfg,
            optim_wrapper=optim_wrapper,
        )


def RUNNER(**cfg):  # noqa: N802
    return OwnRunner.from_cfg(cfg)


OVERRIDES = {}


def is_broken(seen):
    return isinstance(seen.error, TypeError) and "unexpected keyword argument" in str(seen.error)
