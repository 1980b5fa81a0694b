"""The top-level keys that something reads."""

from __future__ import annotations

# mmengine/runner/runner.py and _flexible_runner.py: what `from_cfg` hands on, and what the
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
# mmengine/config/config.py, and the tools of MMDetection (tools/train.py, tools/test.py).
KNOWN_KEYS = RUNNER_KEYS | {"custom_imports", "runner_type", "tta_model", "tta_pipeline"}
