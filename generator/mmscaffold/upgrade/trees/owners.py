"""Which old keys a new key comes from: they decide which file of a chain writes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.facts.legacy import READ_BY_2X

_LENGTH = ("runner", "total_epochs", "total_iters")
_DATA = ("data",)

PRIMARY: Mapping[str, tuple[str, ...]] = {
    "train_cfg": _LENGTH,
    "val_cfg": _LENGTH,
    "test_cfg": _LENGTH,
    "param_scheduler": ("lr_config",),
    "optim_wrapper": ("optimizer",),
    "train_dataloader": _DATA,
    "val_dataloader": _DATA,
    "test_dataloader": _DATA,
    "val_evaluator": _DATA,
    "test_evaluator": _DATA,
    "tta_model": _DATA,
    "tta_pipeline": _DATA,
    "model": ("model",),
    "default_hooks": ("checkpoint_config", "log_config"),
    "visualizer": ("log_config",),
    "log_processor": ("log_config",),
    "custom_hooks": ("custom_hooks",),
    "env_cfg": ("dist_params", "cudnn_benchmark", "mp_start_method", "opencv_num_threads"),
    "randomness": ("seed", "deterministic"),
    "load_from": ("load_from", "resume_from"),
    "resume": ("resume_from", "auto_resume"),
    "custom_imports": ("custom_imports",),
}
"""For each key of 3.x, the keys of 2.x of which a file must write one to be its owner."""

SECONDARY: Mapping[str, tuple[str, ...]] = {
    "train_cfg": ("evaluation", "workflow"),
    "param_scheduler": ("momentum_config",),
    "optim_wrapper": ("optimizer_config", "fp16"),
    "val_evaluator": ("evaluation",),
    "test_evaluator": ("evaluation",),
    "default_hooks": ("evaluation",),
    "model": ("train_cfg", "test_cfg"),
}
"""Other keys of 2.x from which one of 3.x may take values."""


def old_keys(key: str) -> tuple[str, ...]:
    """The keys of 2.x from which one of 3.x takes values, the primary ones first."""
    return (*PRIMARY.get(key, ()), *SECONDARY.get(key, ()))


def owned(goal: CfgDict, old: CfgDict) -> CfgDict:
    """What a base that is no whole config says of its goal.

    Two bases of one config must not set the same key, so each keeps to those keys of 3.x that
    come from keys of 2.x that it has; and to those that it has already, as a base of 3.x does.

    Args:
        goal: What the rules make of it.
        old: What it was.
    """
    kept = CfgDict()
    for key, value in goal.items():
        says_already = key in old and key not in READ_BY_2X
        if says_already or any(name in old for name in PRIMARY.get(key, (key,))):
            kept.put(key, value, origin_of(goal, key))
    return kept


def keep_apart(configs: Iterable[ResolvedConfig], goals: dict[Path, CfgDict]) -> None:
    """Take out of the goals, in place, what two bases of one config would both set.

    Keys of 2.x that different bases set may be one key of 3.x (``cudnn_benchmark`` and
    ``dist_params``), which mmengine refuses. The base with fewer heirs gives it up; what inherits
    from both writes it.

    Args:
        configs: The configs of a run.
        goals: What each must resolve to; of a base only what it owns.
    """
    configs = list(configs)
    heirs: dict[Path, int] = {}
    for config in configs:
        for base in config.files[1:]:
            heirs[base] = heirs.get(base, 0) + 1
    by_path = {config.path: config for config in configs}
    for config in configs:
        for index, base in enumerate(config.bases):
            for other in config.bases[index + 1 :]:
                if base not in goals or other not in goals:
                    continue
                for key in [key for key in goals[base] if key in goals[other]]:
                    loser = min(base, other, key=lambda path: heirs[path])
                    for path in by_path[loser].files:
                        goals.get(path, CfgDict()).pop(key, None)
