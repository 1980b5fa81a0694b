"""What mmengine takes from the dict of a part before it builds that, and what it adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

# mmengine/registry/build_functions.py; _delete_ is taken out by the merge of configs.
NO_ARGUMENTS = frozenset({"type", "_scope_", "_delete_"})
"""The keys that are no arguments of any class."""

# The same, build_scheduler_from_cfg; the schedulers of the learning rate and the momentum pass
# param_name themselves.
NO_SCHEDULER_ARGUMENTS = NO_ARGUMENTS | {
    "optimizer", "param_name", "convert_to_iter_based", "epoch_length",
}  # fmt: skip

# mmengine/runner/runner.py, register_hook
NO_HOOK_ARGUMENTS = NO_ARGUMENTS | {"priority"}

# The same, build_train_loop
NO_LOOP_ARGUMENTS = NO_ARGUMENTS | {"by_epoch"}

# mmengine/hooks/checkpoint_hook.py, _save_checkpoint_with_step; runner/runner.py, save_checkpoint.
HANDED_ON: Mapping[str, str] = {
    "mmengine.hooks.checkpoint_hook.CheckpointHook": "Runner.save_checkpoint",
}
"""Hooks that hand all other arguments on to a method that takes none but what the hook passes
itself: each is a ``TypeError`` there."""


class BuiltByHook(NamedTuple):
    """What a hook builds of all arguments that are not its own.

    Attributes:
        dotted: The hook.
        named_by: Its argument that names the class.
        default: The class, where that is not set.
        registry: The registry that builds it.
        given: What the hook adds.
    """

    dotted: str
    named_by: str
    default: str
    registry: str
    given: frozenset[str]


# mmengine/hooks/ema_hook.py, before_run
BUILT_BY_HOOK: Mapping[str, BuiltByHook] = {
    "EMAHook": BuiltByHook(
        "mmengine.hooks.ema_hook.EMAHook",
        "ema_type", "ExponentialMovingAverage", "MODELS", frozenset({"model"}),
    ),
}  # fmt: skip
"""By the name of the hook, which those of other packages share that derive from it."""

_ANY_LOOP = frozenset({"runner", "dataloader"})
GIVEN_TO_LOOP: Mapping[str, frozenset[str]] = {
    "train_cfg": _ANY_LOOP,
    "val_cfg": _ANY_LOOP | {"evaluator"},
    "test_cfg": _ANY_LOOP | {"evaluator"},
}
"""What the Runner itself hands to the loop that it builds of each key."""

# mmengine/runner/runner.py, build_dataloader; mmengine/optim/optimizer/default_constructor.py and
# builder.py; mmengine/visualization/visualizer.py; mmengine/runner/runner.py, wrap_model.
GIVEN_TO_PART: Mapping[str, frozenset[str]] = {
    "DATA_SAMPLERS": frozenset({"dataset", "seed", "sampler", "batch_size"}),
    "OPTIM_WRAPPERS": frozenset({"optimizer", "constructor", "paramwise_cfg"}),
    "OPTIM_WRAPPER_CONSTRUCTORS": frozenset({"optim_wrapper_cfg", "paramwise_cfg"}),
    "OPTIMIZERS": frozenset({"params"}),
    "MODEL_WRAPPERS": frozenset({"module", "device_ids"}),
    "VISBACKENDS": frozenset({"save_dir"}),
    "PARAM_SCHEDULERS": NO_SCHEDULER_ARGUMENTS,
    "HOOKS": NO_HOOK_ARGUMENTS,
}
"""What mmengine adds to a part that it builds by a registry, or takes out of it."""

GIVEN_TO_TTA_MODEL = frozenset({"module"})
"""What the tools of the packages hand to ``tta_model``."""

# mmengine/runner/runner.py, build_dataloader; torch/utils/data/dataloader.py, of all versions from
# 1.6 to 2.13.
DATALOADER_ARGUMENTS = frozenset(
    {
        "batch_size", "batch_sampler", "collate_fn", "dataset", "drop_last", "generator",
        "in_order", "multiprocessing_context", "num_batch_per_epoch", "num_workers",
        "persistent_workers", "pin_memory", "pin_memory_device", "prefetch_factor", "sampler",
        "shuffle", "timeout", "worker_init_fn",
    }
)  # fmt: skip
"""The keys of a dataloader."""

DEFAULT_WRAPPER = "OptimWrapper"
"""What mmengine builds of an ``optim_wrapper`` that names no ``type``."""

_BUILT_LAST = frozenset(
    {
        "assigner", "augments", "backbone", "backbones", "calculator", "coder", "codec", "cost",
        "costs", "dataset", "datasets", "decoder", "detector", "discriminator", "encoder",
        "encoding", "extractor", "generator", "head", "heads", "losses", "neck", "necks",
        "optimizer", "pipeline", "plugins", "preprocessor", "reid", "sampler", "tracker",
        "transform", "transforms",
    }
)  # fmt: skip
_BUILT = frozenset(
    {
        "assigner_cfg", "aug_space", "cls_predictor_cfg", "cmc", "dcn", "dcn_cfg",
        "dynamic_conv_cfg", "init_cfg", "language_model", "language_model_cfg", "motion",
        "pipeline_cfg", "plugin", "postprocess_model", "postprocess_tracklet_cfg", "predictor_cfg",
        "refine_model_cfg", "reg_predictor_cfg", "sampler_cfg",
    }
)  # fmt: skip
# The transformers of mmdet take these two as arguments.
_NOT_BUILT = frozenset({"encoder", "decoder"})


def is_built_by_models(key: str) -> bool:
    """Whether classes of the packages build what a config gives them under a key.

    From mmdet 3.3.0, what it hands to ``MODELS.build``, ``TASK_UTILS.build`` and ``Compose``:
    ``rpn_head``, ``loss_bbox``, ``assigner``, ``match_costs``, ``language_model_cfg``, ...; and
    what the others of the family have besides: ``voxel_encoder``, ``codec``.
    """
    if key in _BUILT or key.startswith("loss_") or "_loss_" in key:
        return True
    return key.rpartition("_")[2] in _BUILT_LAST and key not in _NOT_BUILT
