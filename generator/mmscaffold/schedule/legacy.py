"""Configs written for mmcv's Runner (MMDetection 2.x), which mmengine's ignores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What a 2.x key became in 3.x (mmengine docs, "Migrate Runner from MMCV to MMEngine").
REPLACEMENTS = {
    "checkpoint_config": "default_hooks = dict(checkpoint=dict(type='CheckpointHook', ...))",
    "data": "train_dataloader, val_dataloader and test_dataloader",
    "evaluation": "val_evaluator, and val_interval in train_cfg",
    "log_config": "default_hooks = dict(logger=dict(type='LoggerHook', ...)) and visualizer",
    "lr_config": "param_scheduler",
    "momentum_config": "param_scheduler",
    "optimizer": "optim_wrapper = dict(type='OptimWrapper', optimizer=...)",
    "optimizer_config": "optim_wrapper = dict(clip_grad=...)",
    "runner": "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=...)",
    "total_epochs": "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=...)",
    "total_iters": "train_cfg = dict(type='IterBasedTrainLoop', max_iters=...)",
    "workflow": "train_cfg and val_cfg",
}

_LOOP_KEYS = {"type", "by_epoch", "max_epochs", "max_iters"}


def legacy_keys(config: Mapping[str, Any]) -> list[str]:
    """The 2.x keys of a config that has no 3.x training loop, in the config's order.

    A 3.x config may hold variables of the same names (``optimizer = dict(...)`` to be
    used in ``optim_wrapper``), so keys count only where ``train_cfg`` sets no loop. In
    old 2.x configs ``train_cfg`` belongs to the model.

    Args:
        config: A resolved config's top level.
    """
    train_cfg = config.get("train_cfg")
    if isinstance(train_cfg, Mapping) and _LOOP_KEYS & train_cfg.keys():
        return []
    return [key for key in config if key in REPLACEMENTS]
