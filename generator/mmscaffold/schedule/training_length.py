"""How long a config trains, and in which unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.loops import TRAIN_LOOPS, UNIT_OF_MAXIMUM, default_train_loop
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.steps import MAX_COUNT

__all__ = ["TrainingLength", "Unit", "training_length"]


class TrainingLength(NamedTuple):
    """The length that ``train_cfg`` sets.

    Attributes:
        unit: What the train loop counts.
        maximum: ``max_epochs`` (in epochs) or ``max_iters`` (in iterations).
        path: The key that sets the maximum.
    """

    unit: Unit
    maximum: int
    path: KeyPath


def training_length(config: Mapping[str, Any]) -> TrainingLength | None:
    """Read the training length of a resolved config.

    The unit follows from which maximum is set, so that loops of a project count, too:
    every loop of mmengine takes either ``max_epochs`` or ``max_iters``, and ``by_epoch``
    or an upstream ``type`` only decides where both are left over from a merge.

    Args:
        config: The top level of a resolved config.

    Returns:
        The length; ``None`` where the config sets none, or one that is not known.
    """
    loop = config.get("train_cfg")
    if not isinstance(loop, Mapping):
        return None
    keys = [key for key in UNIT_OF_MAXIMUM if _is_count(loop.get(key))]
    if len(keys) == 2:
        if isinstance(loop.get("by_epoch"), bool):
            keys = [default_train_loop(loop["by_epoch"]).maximum]
        else:
            row = TRAIN_LOOPS.get(loop["type"]) if isinstance(loop.get("type"), str) else None
            keys = [row.maximum] if row is not None else []
    if len(keys) != 1:
        return None
    key = keys[0]
    return TrainingLength(UNIT_OF_MAXIMUM[key], int(loop[key]), ("train_cfg", key))


def _is_count(value: Any) -> bool:
    """Whether a value is a length that can be; infinity and 400 digits are none."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) <= MAX_COUNT
        and value == int(value)
    )
