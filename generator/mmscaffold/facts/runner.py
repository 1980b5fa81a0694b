"""What mmengine's Runner reads and calls."""

from __future__ import annotations

from collections.abc import Mapping

from mmscaffold.facts.loops import LOOP_KEYS

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

HOOK_KEYS = ("default_hooks", "custom_hooks")
"""The keys of a config that hold hooks."""

TRAINING_KEYS = (*LOOP_KEYS, "param_scheduler", *HOOK_KEYS, "log_processor")
"""The keys that set how a training runs and what is seen of it."""

DEFAULT_LOG_PROCESSOR = "LogProcessor"
"""What the Runner builds of a ``log_processor`` that names no ``type``."""

REGISTRY_OF_KEY: Mapping[str, str] = {
    "runner_type": "RUNNERS",
    "model": "MODELS",
    **dict.fromkeys(LOOP_KEYS, "LOOPS"),
    **dict.fromkeys(HOOK_KEYS, "HOOKS"),
    "param_scheduler": "PARAM_SCHEDULERS",
    "log_processor": "LOG_PROCESSORS",
}
"""The registry in which the Runner looks for what a key names, of those that set a training."""

EVALUATION_MODES = ("val", "test")
MODES = ("train", *EVALUATION_MODES)

# mmengine/runner/runner.py, Runner.__init__
TRIPLES: Mapping[str, tuple[str, str, str]] = {
    "train": ("train_dataloader", "train_cfg", "optim_wrapper"),
    "val": ("val_dataloader", "val_cfg", "val_evaluator"),
    "test": ("test_dataloader", "test_cfg", "test_evaluator"),
}
"""For each mode, the keys of which all must be set, or none."""

COUNTED = ("epoch", "iter")
"""The properties of a train loop that grow."""

PROGRESS = (*COUNTED, "max_epochs", "max_iters")
"""The properties of a train loop by which the Runner tells how far it is (runner.py)."""

COUNTERS = tuple(f"_{name}" for name in COUNTED)
"""The attributes of a train loop that ``Runner.resume`` sets."""

HOOK_BEFORE_ADVANCE: Mapping[str, str] = {
    "_epoch": "after_train_epoch",
    "_iter": "after_train_iter",
}
"""The hook point that comes right before each counter goes up (loops.py)."""

RUNNER_ATTRIBUTES = ("runner", "_runner")
"""Under which names a loop has its Runner (base_loop.py)."""

TRAIN_LOOP_ATTRIBUTES = ("train_loop", "_train_loop")
"""Under which names the Runner has its train loop."""

# mmengine/model/base_model/base_model.py, mmengine/optim/optimizer/optimizer_wrapper.py
STEP_METHODS: Mapping[str, str] = {
    "train_step": "train",
    "update_params": "train",
    "val_step": "val",
    "test_step": "test",
}
"""The methods of a model, and of the optimizer wrapper, that make one step of a mode."""

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

_BOTH = ("before", "after")
_BATCH = ("batch_idx", "data_batch")

# mmengine/runner/loops.py and hooks/hook.py
HOOK_POINTS: Mapping[str, tuple[str, ...]] = {
    "before_run": (),
    "after_run": (),
    "before_save_checkpoint": ("checkpoint",),
    "after_load_checkpoint": ("checkpoint",),
    **{f"{when}_{mode}": () for when in _BOTH for mode in MODES},
    **{f"before_{mode}_epoch": () for mode in MODES},
    "after_train_epoch": (),
    "after_val_epoch": ("metrics",),
    "after_test_epoch": ("metrics",),
    **{f"before_{mode}_iter": _BATCH for mode in MODES},
    **{f"after_{mode}_iter": (*_BATCH, "outputs") for mode in MODES},
    # These two each are called by those of all three modes.
    "_before_epoch": ("mode",),
    "_after_epoch": ("mode",),
    "_before_iter": (*_BATCH, "mode"),
    "_after_iter": (*_BATCH, "outputs", "mode"),
}
"""The methods of a hook, with the keywords they get beside the Runner, which comes first."""


def _evaluation_points(mode: str) -> Mapping[str, str]:
    return {
        f"before_{mode}": "run",
        f"before_{mode}_epoch": "run",
        f"before_{mode}_iter": "run_iter",
        f"after_{mode}_iter": "run_iter",
        f"after_{mode}_epoch": "run",
        f"after_{mode}": "run",
    }


SET_BY_RUNNER = frozenset(
    {
        "model", "optim_wrapper", "param_schedulers", "message_hub", "logger", "log_processor",
        "visualizer", "_train_loop", "_train_dataloader", "_hooks", "_work_dir",
    }
)  # fmt: skip
"""What the Runner's constructor sets, and the rest of its methods, hooks and loops read
(mmengine/runner/runner.py)."""

RUNNER_INTERFACE = frozenset({*PROGRESS, "call_hook", "train"})
"""What loops and hooks ask a Runner for (mmengine/runner/loops.py, mmengine/hooks)."""

LOOP_HOOK_POINTS: Mapping[str, Mapping[str, str]] = {
    "train": {
        "before_train": "run",
        "before_train_epoch": "run_epoch",
        "before_train_iter": "run_iter",
        "after_train_iter": "run_iter",
        "after_train_epoch": "run_epoch",
        "after_train": "run",
    },
    "val": _evaluation_points("val"),
    "test": _evaluation_points("test"),
}
"""The hook points that a loop of each mode calls, in order, with the method of
``EpochBasedTrainLoop``, ``ValLoop`` and ``TestLoop`` that does so."""
