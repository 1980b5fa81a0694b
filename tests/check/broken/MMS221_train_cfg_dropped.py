"""A ``from_cfg`` that forgets one of three keys that belong together."""

from __future__ import annotations

from mmengine.runner import Runner

SYMPTOM = (
    "ValueError: train_dataloader, train_cfg, and optim_wrapper should be either all None or "
    "not None"
)


class HalfRunner(Runner):
    @classmethod
    def from_cfg(cls, cfg):
        return cls(
            cfg["model"],
            cfg["work_dir"],
            train_dataloader=cfg["train_dataloader"],
            optim_wrapper=cfg["optim_wrapper"],
        )


def RUNNER(**cfg):  # noqa: N802
    return HalfRunner.from_cfg(cfg)


OVERRIDES = {}


def is_broken(seen):
    return isinstance(seen.error, ValueError) and SYMPTOM[12:] in str(seen.error)
