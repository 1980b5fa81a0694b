"""The keys of MMDetection 2.x (mmcv's Runner), which a 3.x Runner ignores; one row each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class LegacyKey(NamedTuple):
    """A key of 2.x, and what its value must look like to mean something to mmcv's Runner.

    In a config of 3.x such a name is free for a variable, so one of these must hold.

    Attributes:
        name: The key.
        became: What to write in 3.x instead.
        holds: Keys of a dict, of which its value has at least one.
        types: What the ``type`` in such a dict may end with.
        is_a: The types of a value that means something whatever it holds.
    """

    name: str
    became: str
    holds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    is_a: tuple[type, ...] = ()


_EPOCHS = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=...)"
_ITERS = "train_cfg = dict(type='IterBasedTrainLoop', max_iters=...)"

# mmengine docs, "Migrate Runner from MMCV to MMEngine"
LEGACY_KEYS: Mapping[str, LegacyKey] = {
    row.name: row
    for row in (
        LegacyKey("auto_resume", "resume = True", is_a=(bool,)),
        LegacyKey(
            "checkpoint_config",
            "default_hooks = dict(checkpoint=dict(type='CheckpointHook', ...))",
            holds=("interval",),
        ),
        LegacyKey(
            "data", "train_dataloader, val_dataloader and test_dataloader",
            holds=("samples_per_gpu", "workers_per_gpu", "train", "val", "test"),
        ),
        LegacyKey(
            "evaluation", "val_evaluator, and val_interval in train_cfg",
            holds=("interval", "metric"),
        ),
        LegacyKey(
            "fp16", "optim_wrapper = dict(type='AmpOptimWrapper', loss_scale=...)",
            is_a=(bool, dict),
        ),
        LegacyKey(
            "log_config",
            "default_hooks = dict(logger=dict(type='LoggerHook', ...)) and visualizer",
            holds=("hooks",),
        ),
        LegacyKey("lr_config", "param_scheduler", holds=("policy",)),
        LegacyKey("momentum_config", "param_scheduler", holds=("policy",)),
        LegacyKey(
            "optimizer", "optim_wrapper = dict(type='OptimWrapper', optimizer=...)",
            holds=("type",),
        ),
        LegacyKey(
            "optimizer_config", "optim_wrapper = dict(clip_grad=...)",
            holds=("grad_clip",), types=("OptimizerHook",),
        ),
        LegacyKey("resume_from", "load_from, with resume = True", is_a=(str,)),
        LegacyKey(
            "runner", _EPOCHS,
            holds=("max_epochs", "max_iters"), types=("Runner",),
        ),
        LegacyKey("total_epochs", _EPOCHS, is_a=(int,)),
        LegacyKey("total_iters", _ITERS, is_a=(int,)),
        LegacyKey("workflow", "train_cfg and val_cfg", is_a=(list,)),
    )
}  # fmt: skip

# mmcv 1.7.2, mmcv/runner; mmdet 2.28.2, tools/train.py, tools/test.py, mmdet/apis/train.py,
# mmdet/utils (compat_config, replace_cfg_vals, setup_env)
READ_BY_2X = frozenset(LEGACY_KEYS) | {
    "auto_scale_lr",
    "cudnn_benchmark",
    "custom_hooks",
    "custom_imports",
    "default_scope",
    "deterministic",
    "device",
    "dist_params",
    "find_unused_parameters",
    "gpu_ids",
    "launcher",
    "load_from",
    "log_level",
    "model",
    "model_wrapper",
    "mp_start_method",
    "no_validate",
    "opencv_num_threads",
    "plugin",
    "plugin_dir",
    "seed",
    "semi_wrapper",
    "test_cfg",
    "train_cfg",
    "work_dir",
}
"""The top-level keys that a training or test of 2.x reads; all others are the config's own."""

_AMP = "type='AmpOptimWrapper'"
_COUNTS = "accumulative_counts=..."
# mmcv 1.x, mmcv/runner/hooks/optimizer.py
LEGACY_OPTIMIZER_HOOKS: Mapping[str, str] = {
    "GradientCumulativeOptimizerHook": f"{_COUNTS} in optim_wrapper",
    "GradientCumulativeFp16OptimizerHook": f"{_AMP} and {_COUNTS} in optim_wrapper",
    "OptimizerHook": "clip_grad=... in optim_wrapper",
    "Fp16OptimizerHook": f"{_AMP} in optim_wrapper",
}
"""The hooks of mmcv's Runner that step the optimizer, and what to set instead."""

HALF_PRECISION_HOOKS = tuple(name for name in LEGACY_OPTIMIZER_HOOKS if "Fp16" in name)
"""Those of them that trained in mixed precision."""

LEGACY_HOOK_POINTS = ("before_epoch", "after_epoch", "before_iter", "after_iter")
"""The hook points of mmcv's Runner, of every mode, that mmengine's does not call."""

# mmcv 2.0 gave them to mmengine (docs/en/compatibility.md of mmcv).
REMOVED_FROM_MMCV: Mapping[str, str] = {
    "mmcv.runner": "mmengine: mmengine.runner, .hooks, .model, .registry or .dist",
    "mmcv.parallel": "mmengine.model and mmengine.dataset",
    "mmcv.engine": "mmengine.runner",
    "mmcv.fileio": "mmengine.fileio",
    "mmcv.onnx": "MMDeploy",
    "mmcv.tensorrt": "MMDeploy",
    **dict.fromkeys(("mmcv.Config", "mmcv.ConfigDict", "mmcv.DictAction"), "mmengine.config"),
    **dict.fromkeys(("mmcv.Registry", "mmcv.build_from_cfg"), "mmengine.registry"),
    **dict.fromkeys(
        ("mmcv.FileClient", "mmcv.load", "mmcv.dump", "mmcv.list_from_file"), "mmengine.fileio"
    ),
    **dict.fromkeys(
        ("mmcv.mkdir_or_exist", "mmcv.is_str", "mmcv.is_list_of", "mmcv.scandir"), "mmengine.utils"
    ),
    **dict.fromkeys(("mmcv.ProgressBar", "mmcv.track_progress", "mmcv.Timer"), "mmengine.utils"),
}
"""What could be imported from mmcv 1.x and not from mmcv 2.x, and where it is now."""

# mmcv 1.x, mmcv/runner/base_runner.py and epoch_based_runner.py
REMOVED_FROM_RUNNER: Mapping[str, str] = {
    "outputs": "Use the argument outputs of after_train_iter.",
    "data_batch": "Use the argument data_batch of the hook's method.",
    "inner_iter": "Use the argument batch_idx of the hook's method.",
    "_inner_iter": "Use the argument batch_idx of the hook's method.",
    "data_loader": "Read runner.train_dataloader.",
    "log_buffer": "Write values for the log with runner.message_hub.update_scalar('train/x', x).",
    "optimizer": "Read runner.optim_wrapper.optimizer.",
    "mode": "Ask runner.model.training.",
    "current_lr": "Read runner.optim_wrapper.get_lr().",
    "current_momentum": "Read runner.optim_wrapper.get_momentum().",
    "_epoch": "Read runner.epoch.",
    "_iter": "Read runner.iter.",
    "_max_epochs": "Read runner.max_epochs.",
    "_max_iters": "Read runner.max_iters.",
}
"""Members of mmcv's Runner that mmengine's does not have, and what to do instead."""
