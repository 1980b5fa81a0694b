"""What the optimizers of a config begin with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.optimizers import DEFAULTS
from mmscaffold.schedule.curves.curve import Break, is_finite
from mmscaffold.schedule.curves.setup import Setup

LEARNING_RATE = "lr"
"""The name of the learning rate in the groups of an optimizer."""
MOMENTUM = "momentum"
"""The name of the momentum there; of Adam and its kin, the first of the betas."""
WEIGHT_DECAY = "weight_decay"
"""The name of the weight decay there."""

_OPTIMIZER: KeyPath = ("optim_wrapper", "optimizer")


class NotKnownError(Exception):
    """Something that a curve needs is not known.

    Args:
        where: What, why, and from which iteration on.
    """

    def __init__(self, where: Break) -> None:
        super().__init__(str(where))
        self.where = where


def optimizer_names(config: Mapping[str, Any]) -> list[str]:
    """The names of several optimizers; ``[""]`` for the one without a name."""
    wrapper = config.get("optim_wrapper")
    if not isinstance(wrapper, Mapping) or wrapper.get("optimizer") is not None:
        return [""]
    named = [str(key) for key, value in wrapper.items() if _is_wrapper(value)]
    return named or [""]


def initial_value(
    config: Mapping[str, Any], parameter: str, optimizer: str = "", setup: Setup | None = None
) -> float:
    """What a parameter is before any scheduler touches it.

    Args:
        config: A resolved config.
        parameter: Its name in the groups of the optimizer: ``lr``, ``momentum``, ``betas``.
        optimizer: The key of one of several optimizers.
        setup: How many GPUs there are, where ``auto_scale_lr`` is enabled.

    Raises:
        NotKnownError: If the config does not tell.
    """
    path, values = _optimizer(config, optimizer)
    value = optimizer_value(values, path, parameter)
    scale = _scale(config, setup or Setup()) if parameter == LEARNING_RATE else None
    return float(value) if scale is None else value * scale


def optimizer_value(values: Mapping[str, Any], path: KeyPath, parameter: str) -> float:
    """What an optimizer begins with, by its arguments and its own defaults.

    Args:
        values: Its arguments.
        path: Where the config holds them.
        parameter: Its name in the groups of the optimizer.

    Raises:
        NotKnownError: If that is not known.
    """
    value, where = _written(values, parameter)
    if isinstance(value, Unknown):
        raise NotKnownError(Break(0, value.reason, (*path, where)))
    if not is_finite(value):
        said = "is not set" if value is None else f"{value!r} is not a number"
        raise NotKnownError(Break(0, said, (*path, where)))
    found: float = value
    return found


def group_values(
    config: Mapping[str, Any], optimizer: str = "", setup: Setup | None = None
) -> list[float] | None:
    """The learning rates that the groups of an optimizer can begin with, without doubles.

    Which parameters fall into which group, only the model knows.

    Returns:
        That of the optimizer first; ``None`` where a constructor of the project decides.

    Raises:
        NotKnownError: If the config does not tell the learning rate.
    """
    named = named_groups(config, optimizer, setup)
    return None if named is None else list(dict.fromkeys(value for _, value in named))


def named_groups(
    config: Mapping[str, Any], optimizer: str = "", setup: Setup | None = None
) -> list[tuple[str, float]] | None:
    """The learning rates that the groups of an optimizer can begin with, with their names.

    Returns:
        Each group's name, as ``paramwise_cfg`` has it, and its value; that of the optimizer
        first, without a name. ``None`` where a constructor of the project decides.

    Raises:
        NotKnownError: If the config does not tell the learning rate.
    """
    wrapper = config.get("optim_wrapper")
    wrapper = wrapper.get(optimizer, wrapper) if isinstance(wrapper, Mapping) else {}
    base = initial_value(config, LEARNING_RATE, optimizer, setup)
    found = [("", base)]
    if not isinstance(wrapper, Mapping):
        return found
    if wrapper.get("constructor", "DefaultOptimWrapperConstructor") not in _CONSTRUCTORS:
        return None
    paramwise = wrapper.get("paramwise_cfg") or {}
    if isinstance(paramwise, Unknown):
        return None
    scale = _scale(config, setup or Setup()) or 1.0
    for name, factor, absolute in _multipliers(paramwise):
        if not is_finite(factor if absolute is None else absolute):
            return None
        found.append((name, base * factor if absolute is None else absolute * scale))
    return found


_CONSTRUCTORS = ("DefaultOptimWrapperConstructor", "mmengine.DefaultOptimWrapperConstructor")


def _multipliers(paramwise: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    # DefaultOptimWrapperConstructor.add_params (mmengine/optim/optimizer/default_constructor.py)
    for key in ("bias_lr_mult", "dcn_offset_lr_mult"):
        if paramwise.get(key) is not None:
            yield key.removesuffix("_lr_mult"), paramwise[key], None
    custom = paramwise.get("custom_keys") or {}
    if not isinstance(custom, Mapping):
        yield "custom_keys", custom, None
        return
    for name, options in custom.items():
        if isinstance(options, Mapping):
            yield str(name), options.get("lr_mult", 1.0), options.get("lr")
        else:
            yield str(name), options, None


def _optimizer(config: Mapping[str, Any], name: str) -> tuple[KeyPath, Mapping[str, Any]]:
    wrapper = config.get("optim_wrapper")
    path: KeyPath = ("optim_wrapper",)
    if isinstance(wrapper, Mapping) and name:
        wrapper, path = wrapper.get(name), (*path, name)
    values = wrapper.get("optimizer") if isinstance(wrapper, Mapping) else wrapper
    for one, where in ((wrapper, path), (values, (*path, "optimizer"))):
        if isinstance(one, Unknown):
            raise NotKnownError(Break(0, one.reason, where))
    if not isinstance(values, Mapping):
        raise NotKnownError(Break(0, "the config sets no optimizer", (*path, "optimizer")))
    return (*path, "optimizer"), values


def _written(values: Mapping[str, Any], parameter: str) -> tuple[Any, str]:
    """A parameter as the optimizer gets it, and the key that says it."""
    defaults = DEFAULTS.get(str(values.get("type")).rpartition(".")[2], {})
    if parameter == MOMENTUM and MOMENTUM not in values and MOMENTUM not in defaults:
        # Schedulers of the momentum take the first beta of Adam for it.
        betas = values.get("betas", defaults.get("betas"))
        return (betas[0] if isinstance(betas, list | tuple) and betas else betas), "betas"
    return values.get(parameter, defaults.get(parameter)), parameter


def _scale(config: Mapping[str, Any], setup: Setup) -> float | None:
    """What ``Runner.scale_lr`` multiplies the learning rate by; ``None``: it does not."""
    scaling = config.get("auto_scale_lr")
    if isinstance(scaling, Unknown):
        raise NotKnownError(Break(0, scaling.reason, ("auto_scale_lr",)))
    if not isinstance(scaling, Mapping) or not scaling.get("enable", False):
        return None
    loader = config.get("train_dataloader")
    size = loader.get("batch_size") if isinstance(loader, Mapping) else None
    base, path = scaling.get("base_batch_size"), ("auto_scale_lr", "base_batch_size")
    if isinstance(scaling["enable"], Unknown):
        raise NotKnownError(Break(0, scaling["enable"].reason, ("auto_scale_lr", "enable")))
    if not is_finite(base) or not base:
        raise NotKnownError(Break(0, "is not set to a number", path, is_refusal=base is None))
    if size is None or not is_finite(size):
        raise NotKnownError(Break(0, "is not set to a number", ("train_dataloader", "batch_size")))
    if setup.gpus is None:
        reason = "scales the learning rate by the number of GPUs, which is not known"
        raise NotKnownError(Break(0, reason, ("auto_scale_lr", "enable")))
    return float(setup.gpus * size) / float(base)


def _is_wrapper(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("optimizer") is not None
