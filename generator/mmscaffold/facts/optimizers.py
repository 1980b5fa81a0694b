"""The optimizers of PyTorch."""

from __future__ import annotations

from collections.abc import Mapping

_ALL = ("params", "lr", "weight_decay", "foreach", "maximize", "differentiable")
_ADAPTIVE = (*_ALL, "betas", "eps", "capturable")
# torch/optim, of all versions from 1.6 to 2.13
ARGUMENTS: Mapping[str, frozenset[str]] = {
    "SGD": frozenset({*_ALL, "momentum", "dampening", "nesterov", "fused"}),
    "Adam": frozenset({*_ADAPTIVE, "amsgrad", "fused", "decoupled_weight_decay"}),
    "AdamW": frozenset({*_ADAPTIVE, "amsgrad", "fused"}),
    "Adamax": frozenset(_ADAPTIVE),
    "NAdam": frozenset({*_ADAPTIVE, "momentum_decay", "decoupled_weight_decay"}),
    "RAdam": frozenset({*_ADAPTIVE, "decoupled_weight_decay"}),
    "RMSprop": frozenset({*_ALL, "alpha", "eps", "momentum", "centered", "capturable"}),
    "Adagrad": frozenset({*_ALL, "lr_decay", "initial_accumulator_value", "eps", "fused"}),
    "Adadelta": frozenset({*_ALL, "rho", "eps", "capturable"}),
    "ASGD": frozenset({*_ALL, "lambd", "alpha", "t0", "capturable"}),
    "Rprop": frozenset({*_ALL, "etas", "step_sizes", "capturable"}) - {"weight_decay"},
}
"""What the optimizers of PyTorch can be built with."""

_ADAM = {"lr": 1e-3, "betas": (0.9, 0.999), "weight_decay": 0.0}
# torch/optim, 1.6 to 2.x. SGD demands its lr before 2.3.
DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "SGD": {"momentum": 0.0, "weight_decay": 0.0},
    "RMSprop": {"lr": 1e-2, "momentum": 0.0, "weight_decay": 0.0},
    "Adam": _ADAM,
    "AdamW": {**_ADAM, "weight_decay": 1e-2},
    "Adamax": {**_ADAM, "lr": 2e-3},
    "NAdam": {**_ADAM, "lr": 2e-3},
    "RAdam": _ADAM,
    "Adagrad": {"lr": 1e-2, "weight_decay": 0.0},
    "Adadelta": {"lr": 1.0, "weight_decay": 0.0},
    "ASGD": {"lr": 1e-2, "weight_decay": 0.0},
    "Rprop": {"lr": 1e-2},
}
"""What an optimizer begins with where a config does not say it."""

# mmengine/optim/optimizer/default_constructor.py
GROUPING_CONSTRUCTOR = "DefaultOptimWrapperConstructor"
"""What reads ``paramwise_cfg`` where a config names nothing else."""

GROUP_MULTIPLIERS: Mapping[str, str] = {
    "bias_lr_mult": "biases",
    "dcn_offset_lr_mult": "offsets of deformable convolutions",
}
"""The keys of ``paramwise_cfg`` that multiply the rate of some parameters, beside those of
``custom_keys``, and which these are."""

# The same, add_params; the keys of custom_keys that it reads, others go into the groups.
PARAMWISE_KEYS = frozenset(
    {
        "bias_lr_mult", "bias_decay_mult", "norm_decay_mult", "flat_decay_mult",
        "dwconv_decay_mult", "dcn_offset_lr_mult", "bypass_duplicate", "custom_keys",
    }
)  # fmt: skip
"""The keys of ``paramwise_cfg`` that it reads."""
CUSTOM_KEYS = frozenset({"lr_mult", "decay_mult"})
"""What it reads of each of ``custom_keys``; all else goes into the group of parameters."""

# mmengine/optim/optimizer/optimizer_wrapper.py; torch/nn/utils/clip_grad.py, of all versions from
# 1.6 to 2.13
CLIPPING: Mapping[str, tuple[str, frozenset[str]]] = {
    "norm": (
        "clip_grad_norm_", frozenset({"max_norm", "norm_type", "error_if_nonfinite", "foreach"}),
    ),
    "value": ("clip_grad_value_", frozenset({"clip_value", "foreach"})),
}  # fmt: skip
"""By the ``type`` of ``clip_grad``: the function that gets its other keys, and what that takes."""
CLIPPING_WRAPPERS = frozenset({"OptimWrapper", "AmpOptimWrapper", "ApexOptimWrapper"})
"""The optimizer wrappers of mmengine that clip in that way."""
