"""The top-level keys that something reads."""

from __future__ import annotations

# mmengine/runner/runner.py and _flexible_runner.py, `from_cfg`.
RUNNER_KEYS = frozenset(
    {
        "auto_scale_lr",
        "compile",
        "custom_hooks",
        "data_preprocessor",
        "default_hooks",
        "default_scope",
        "env_cfg",
        "experiment_name",
        "launcher",
        "load_from",
        "log_level",
        "log_processor",
        "model",
        "optim_wrapper",
        "param_scheduler",
        "randomness",
        "resume",
        "strategy",
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
