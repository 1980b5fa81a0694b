"""How long a config trains, and in which unit."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mmscaffold.config.key_path import KeyPath

_LOOPS = {"EpochBasedTrainLoop": "max_epochs", "IterBasedTrainLoop": "max_iters"}


class Unit(enum.Enum):
    """What a loop, a scheduler or a hook counts."""

    EPOCHS = "epochs"
    ITERATIONS = "iterations"


@dataclass(frozen=True)
class TrainingLength:
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
    keys = [key for key in ("max_epochs", "max_iters") if _is_count(loop.get(key))]
    if len(keys) == 2:
        if isinstance(loop.get("by_epoch"), bool):
            keys = ["max_epochs" if loop["by_epoch"] else "max_iters"]
        else:
            keys = [_LOOPS[loop["type"]]] if loop.get("type") in _LOOPS else []
    if len(keys) != 1:
        return None
    unit = Unit.EPOCHS if keys[0] == "max_epochs" else Unit.ITERATIONS
    return TrainingLength(unit, int(loop[keys[0]]), ("train_cfg", keys[0]))


def _is_count(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
