"""Another training length for a config that mmengine has loaded, for ``tools/train.py``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmscaffold.config.change import Adjustment, Change
from mmscaffold.config.errors import ConfigError
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.rescale import rescale
from mmscaffold.schedule.training_length import training_length


def move_length(config: Mapping[str, Any], unit: str, maximum: int) -> Adjustment:
    """Find what must change for a loaded config to train for another length.

    This is what ``mmscaffold migrate --max-epochs`` does to files. The tools of generated
    projects call it, in whatever version is installed: it must stay as it is.

    Args:
        config: What ``Config.to_dict()`` returns.
        unit: ``epochs`` or ``iterations``.
        maximum: The new ``max_epochs`` or ``max_iters``, from 1.

    Returns:
        The changes, and what is left alone.

    Raises:
        ConfigError: If the config sets no length that is known, or counts in the other unit, or
            the new length is below 1.
    """
    named = _with_names(config)
    length = training_length(named)
    if length is None:
        raise ConfigError(
            "the config sets no known training length",
            hint="It needs max_epochs or max_iters in train_cfg.",
        )
    if length.unit is not Unit(unit):
        other = "max_epochs" if length.unit is Unit.EPOCHS else "max_iters"
        raise ConfigError(
            f"the config trains by {length.unit.value}: train_cfg.{other} = {length.maximum}",
            hint=f"Use --{other.replace('_', '-')}.",
        )
    if maximum < 1:
        raise ConfigError(f"a training of {length.unit.count(maximum)} has nothing to do")
    if length.maximum == maximum:
        return Adjustment()
    found = rescale(named, length, maximum)
    variable = length.path[-1]
    if named.get(variable) == length.maximum:
        found.changes.append(Change((variable,), maximum, "the variable of the same name"))
    return found


def _with_names(value: Any, key: Any = None) -> Any:
    """The same with the names of classes for the classes that a pure Python config imports."""
    if isinstance(value, Mapping):
        return {name: _with_names(each, name) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_with_names(each) for each in value)
    if key == "type":
        return str(getattr(value, "__name__", value)).rpartition(".")[2]
    return value
