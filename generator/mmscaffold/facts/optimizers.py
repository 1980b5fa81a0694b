"""The optimizers of PyTorch."""

from __future__ import annotations

from collections.abc import Mapping

_MOMENTUM = frozenset({"momentum", "nesterov", "dampening"})
# torch/optim
REFUSED_ARGUMENTS: Mapping[str, frozenset[str]] = {
    "SGD": frozenset({"betas", "amsgrad", "eps"}),
    "Adam": _MOMENTUM,
    "AdamW": _MOMENTUM,
    "Adamax": _MOMENTUM,
    "RAdam": _MOMENTUM,
}
"""Arguments of others of them that no version of an optimizer takes."""
