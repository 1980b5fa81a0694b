"""What "training length" touches: the loop, the schedulers, the hooks; and what each step uses.

Configs are mappings, as ``mmscaffold.config`` resolves them or as ``mmengine.Config`` gives them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
_PLACES = {
    "LEARNING_RATE": "schedule.curves.initial_values:LEARNING_RATE",
    "MOMENTUM": "schedule.curves.initial_values:MOMENTUM",
    "WEIGHT_DECAY": "schedule.curves.initial_values:WEIGHT_DECAY",
    "Break": "schedule.curves.curve:Break",
    "Curve": "schedule.curves.curve:Curve",
    "EpochLengthError": "schedule.data:EpochLengthError",
    "NotKnownError": "schedule.curves.initial_values:NotKnownError",
    "Segment": "schedule.curves.curve:Segment",
    "Setup": "schedule.curves.setup:Setup",
    "TrainingLength": "schedule.training_length:TrainingLength",
    "Unit": "facts.units:Unit",
    "epoch_length": "schedule.data:epoch_length",
    "is_consistent_schedule": "schedule.consistency:is_consistent_schedule",
    "mmcv_curve": "schedule.curves.mmcv:mmcv_curve",
    "mmengine_curve": "schedule.curves.mmengine:mmengine_curve",
    "move_length": "schedule.loaded:move_length",
    "read_length": "schedule.training_length:training_length",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _PLACES[name].partition(":")
    return getattr(import_module(f"mmscaffold.{module}"), attribute)
