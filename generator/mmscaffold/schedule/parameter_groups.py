"""The groups of parameters that get another learning rate than the rest, and which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeGuard

from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.optimizers import GROUP_MULTIPLIERS, GROUPING_CONSTRUCTOR

_WRAPPER = "optim_wrapper"


class ParameterGroup(NamedTuple):
    """Parameters with a learning rate of their own.

    Attributes:
        path: Where the config sets it.
        name: Which parameters they are.
        rate: What their learning rate is before any scheduler touches it.
    """

    path: KeyPath
    name: str
    rate: float

    @property
    def key(self) -> str:
        """What sets their rate: ``lr_mult``, ..."""
        return str(self.path[-1])


def base_rate(config: Mapping[str, Any]) -> float | None:
    """The learning rate of the one optimizer of a config; ``None`` if that is not known.

    Args:
        config: The top level of a resolved config.
    """
    wrapper = config.get(_WRAPPER)
    optimizer = wrapper.get("optimizer") if isinstance(wrapper, Mapping) else None
    rate = optimizer.get("lr") if isinstance(optimizer, Mapping) else None
    return rate if is_rate(rate) and rate > 0 else None


def parameter_groups(config: Mapping[str, Any]) -> list[ParameterGroup]:
    """The groups that ``paramwise_cfg`` makes, as mmengine's own constructor reads it.

    mmengine/optim/optimizer/default_constructor.py, ``DefaultOptimWrapperConstructor``. Nothing is
    said of other constructors, such as those that let the rate decay from layer to layer.

    Args:
        config: The top level of a resolved config.
    """
    rate, wrapper = base_rate(config), config.get(_WRAPPER)
    if rate is None or not isinstance(wrapper, Mapping):
        return []
    constructor = to_plain(wrapper.get("constructor", GROUPING_CONSTRUCTOR))
    # Those of the packages that derive from it say so in their names.
    if not str(constructor).endswith(GROUPING_CONSTRUCTOR):
        return []
    options = wrapper.get("paramwise_cfg")
    return list(_groups(options, rate)) if isinstance(options, Mapping) else []


def is_rate(value: Any) -> TypeGuard[float]:
    """Whether a value can be a learning rate: a number from 0 on."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _groups(options: Mapping[str, Any], rate: float) -> Iterator[ParameterGroup]:
    path = (_WRAPPER, "paramwise_cfg")
    custom = options.get("custom_keys")
    for name, values in custom.items() if isinstance(custom, Mapping) else ():
        if not isinstance(values, Mapping):
            continue
        # What stands beside lr_mult is written into the group as it is.
        for key, factor in (("lr", 1.0), ("lr_mult", rate)):
            if is_rate(values.get(key)):
                named = (*path, "custom_keys", name, key)
                yield ParameterGroup(named, repr(name), values[key] * factor)
                break
    for key, name in GROUP_MULTIPLIERS.items():
        if is_rate(options.get(key)):
            yield ParameterGroup((*path, key), name, options[key] * rate)
