"""Configs written for mmcv's Runner (MMDetection 2.x), which mmengine's ignores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    if _sets_loop(config):
        return []
    return [key for key in config if key in REPLACEMENTS]


def leftover_keys(config: Mapping[str, Any]) -> list[str]:
    """The 2.x keys that were left in a config that has a 3.x training loop.

    Such names are free for variables there, so only values count that mean something to
    mmcv's Runner.

    Args:
        config: A resolved config's top level.
    """
    if not _sets_loop(config):
        return []
    return [key for key in _LEFTOVERS if key in config and _LEFTOVERS[key](config[key])]


def _sets_loop(config: Mapping[str, Any]) -> bool:
    train_cfg = config.get("train_cfg")
    return isinstance(train_cfg, Mapping) and not _LOOP_KEYS.isdisjoint(train_cfg.keys())


def _has(*names: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, Mapping) and not value.keys().isdisjoint(names)


_LEFTOVERS: Mapping[str, Callable[[Any], bool]] = {
    "checkpoint_config": _has("interval"),
    "data": _has("samples_per_gpu", "workers_per_gpu", "train", "val", "test"),
    "evaluation": _has("interval", "metric"),
    "log_config": _has("hooks"),
    "lr_config": _has("policy"),
    "momentum_config": _has("policy"),
    "optimizer": _has("type"),
    "optimizer_config": _has("grad_clip", "type"),
    "runner": _has("max_epochs", "max_iters"),
    "total_epochs": lambda value: isinstance(value, int),
    "total_iters": lambda value: isinstance(value, int),
    "workflow": lambda value: isinstance(value, list),
}
