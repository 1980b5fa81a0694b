"""Hooks with a training step in their arguments, and how it follows the length."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.config.key_path import KeyPath


class Relation(enum.Enum):
    """How a hook's argument hangs on the length of the training."""

    WHOLE = "equal to the length"
    TO_END = "keeps its distance to the end"
    SHARE = "a share of the whole"
    AT_MOST = "must lie within the training"
    LAST = "counts from the end, and must be shorter than the training"


# By class and argument; the sources are the classes themselves, in mmengine, mmdet,
# mmyolo, mmpose, mmpretrain, mmdet3d and mmrazor.
EPOCH_ARGUMENTS: Mapping[str, Mapping[str, Relation]] = {
    "CheckpointHook": {"interval": Relation.AT_MOST, "save_begin": Relation.AT_MOST},
    "DisableObjectSampleHook": {"disable_after_epoch": Relation.TO_END},
    "EMAHook": {"begin_epoch": Relation.AT_MOST},
    "PPYOLOEParamSchedulerHook": {"total_epochs": Relation.SHARE},
    "PipelineSwitchHook": {"switch_epoch": Relation.TO_END},
    "StopDistillHook": {"stop_epoch": Relation.TO_END},
    "YOLOXModeSwitchHook": {"num_last_epochs": Relation.LAST},
    "YOLOXPoseModeSwitchHook": {"num_last_epochs": Relation.LAST},
    "YOLOv5ParamSchedulerHook": {"max_epochs": Relation.WHOLE},
}
ITERATION_ARGUMENTS: Mapping[str, Mapping[str, Relation]] = {
    "CheckpointHook": {"interval": Relation.AT_MOST, "save_begin": Relation.AT_MOST},
    "EMAHook": {"begin_iter": Relation.AT_MOST},
}
# What an argument is where it is left out (mmdet/engine/hooks/yolox_mode_switch_hook.py;
# mmpose has 20).
DEFAULTS = {
    ("YOLOXModeSwitchHook", "num_last_epochs"): 15,
    ("YOLOXPoseModeSwitchHook", "num_last_epochs"): 20,
}
# Arguments with a step in their name that count something else.
HARMLESS = {
    "by_epoch",
    "out_dir",
    "log_metric_by_epoch",
    "warmup_epochs",
    "warmup_min_iter",
    "num_digits",
}


def hooks(config: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    """Every hook of a config with its key path: the default ones, then the custom ones."""
    default = config.get("default_hooks")
    if isinstance(default, Mapping):
        for name, hook in default.items():
            if isinstance(hook, Mapping) and isinstance(hook.get("type"), str):
                yield ("default_hooks", name), hook
    custom = config.get("custom_hooks")
    if isinstance(custom, list | tuple):
        for index, hook in enumerate(custom):
            if isinstance(hook, Mapping) and isinstance(hook.get("type"), str):
                yield ("custom_hooks", index), hook
