"""What mmengine's Runner reads and calls."""

from __future__ import annotations

from collections.abc import Mapping

# mmengine/runner/runner.py and _flexible_runner.py: what `from_cfg` passes on, and what the
# Runner asks its `cfg` for later.
RUNNER_KEYS = frozenset(
    {
        "activation_checkpointing",
        "auto_scale_lr",
        "compile",
        "custom_hooks",
        "data_preprocessor",
        "default_hooks",
        "default_scope",
        "efficient_conv_bn_eval",
        "env_cfg",
        "experiment_name",
        "find_unused_parameters",
        "launcher",
        "load_from",
        "log_level",
        "log_processor",
        "model",
        "model_wrapper_cfg",
        "optim_wrapper",
        "param_scheduler",
        "randomness",
        "resume",
        "strategy",
        "sync_bn",
        "test_cfg",
        "test_dataloader",
        "test_evaluator",
        "train_cfg",
        "train_dataloader",
        "val_cfg",
        "val_dataloader",
        "val_evaluator",
        "visualizer",
        "work_dir",
    }
)
"""The top-level keys of a config that the Runner reads."""

KNOWN_KEYS = RUNNER_KEYS | {"custom_imports", "runner_type", "tta_model", "tta_pipeline"}
"""Those, and what mmengine/config/config.py and the tools of MMDetection read."""

PROGRESS = ("epoch", "iter", "max_epochs", "max_iters")
"""The properties of a train loop by which the Runner tells how far it is (runner.py)."""

COUNTERS = ("_epoch", "_iter")
"""The attributes of a train loop that ``Runner.resume`` sets."""

# mmengine/registry/root.py; those of the other packages have the same names.
REGISTRIES = frozenset(
    {
        "DATA_SAMPLERS", "DATASETS", "EVALUATOR", "FUNCTIONS", "HOOKS", "INFERENCERS",
        "LOG_PROCESSORS", "LOOPS", "METRICS", "MODEL_WRAPPERS", "MODELS", "OPTIM_WRAPPERS",
        "OPTIM_WRAPPER_CONSTRUCTORS", "OPTIMIZERS", "PARAM_SCHEDULERS", "RUNNERS",
        "RUNNER_CONSTRUCTORS", "STRATEGIES", "TASK_UTILS", "TRANSFORMS", "VISBACKENDS",
        "VISUALIZERS", "WEIGHT_INITIALIZERS",
    }
)  # fmt: skip
"""The names of mmengine's registries."""

_MODES = ("train", "val", "test")
_BOTH = ("before", "after")
_BATCH = ("batch_idx", "data_batch")

# mmengine/runner/loops.py and hooks/hook.py
HOOK_POINTS: Mapping[str, tuple[str, ...]] = {
    "before_run": (),
    "after_run": (),
    "before_save_checkpoint": ("checkpoint",),
    "after_load_checkpoint": ("checkpoint",),
    **{f"{when}_{mode}": () for when in _BOTH for mode in _MODES},
    **{f"before_{mode}_epoch": () for mode in _MODES},
    "after_train_epoch": (),
    "after_val_epoch": ("metrics",),
    "after_test_epoch": ("metrics",),
    **{f"before_{mode}_iter": _BATCH for mode in _MODES},
    **{f"after_{mode}_iter": (*_BATCH, "outputs") for mode in _MODES},
    # These two each are called by those of all three modes.
    "_before_epoch": ("mode",),
    "_after_epoch": ("mode",),
    "_before_iter": (*_BATCH, "mode"),
    "_after_iter": (*_BATCH, "outputs", "mode"),
}
"""The methods of a hook, with the keywords they get beside the Runner, which comes first."""
