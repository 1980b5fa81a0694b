"""What "training length" touches: the loop, the schedulers, the hooks; and what each step uses.

Configs are mappings, as ``mmscaffold.config`` resolves them or as ``mmengine.Config`` gives them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmscaffold.lazy import lazy_names

if TYPE_CHECKING:
    from mmscaffold.facts.units import Unit
    from mmscaffold.schedule.consistency import is_consistent_schedule
    from mmscaffold.schedule.curves.curve import Break, Curve, Segment
    from mmscaffold.schedule.curves.initial_values import (
        LEARNING_RATE,
        MOMENTUM,
        WEIGHT_DECAY,
        NotKnownError,
    )
    from mmscaffold.schedule.curves.mmcv import mmcv_curve
    from mmscaffold.schedule.curves.mmengine import mmengine_curve
    from mmscaffold.schedule.curves.setup import Setup
    from mmscaffold.schedule.data import EpochLengthError, epoch_length
    from mmscaffold.schedule.loaded import move_length
    from mmscaffold.schedule.training_length import TrainingLength
    from mmscaffold.schedule.training_length import training_length as read_length

__all__ = [
    "LEARNING_RATE",
    "MOMENTUM",
    "WEIGHT_DECAY",
    "Break",
    "Curve",
    "EpochLengthError",
    "NotKnownError",
    "Segment",
    "Setup",
    "TrainingLength",
    "Unit",
    "epoch_length",
    "is_consistent_schedule",
    "mmcv_curve",
    "mmengine_curve",
    "move_length",
    "read_length",
]

# Looked up when they are asked for: every command imports a module of this room, and few
# need all of it. ``training_length`` is a module as well, so the function has another name here.
__getattr__ = lazy_names(
    __name__,
    {
        "LEARNING_RATE": "curves.initial_values",
        "MOMENTUM": "curves.initial_values",
        "WEIGHT_DECAY": "curves.initial_values",
        "Break": "curves.curve",
        "Curve": "curves.curve",
        "EpochLengthError": "data",
        "NotKnownError": "curves.initial_values",
        "Segment": "curves.curve",
        "Setup": "curves.setup",
        "TrainingLength": "training_length",
        "Unit": "mmscaffold.facts.units",
        "epoch_length": "data",
        "is_consistent_schedule": "consistency",
        "mmcv_curve": "curves.mmcv",
        "mmengine_curve": "curves.mmengine",
        "move_length": "loaded",
        "read_length": "training_length:training_length",
    },
)
