"""The learning rate, and every other scheduled parameter, of each iteration of a training."""

from mmscaffold.schedule.curves.curve import Break, Curve, Segment
from mmscaffold.schedule.curves.initial_values import (
    LEARNING_RATE,
    MOMENTUM,
    WEIGHT_DECAY,
    NotKnownError,
    group_values,
    initial_value,
    named_groups,
    optimizer_names,
)
from mmscaffold.schedule.curves.mmcv import mmcv_curve
from mmscaffold.schedule.curves.mmengine import mmengine_curve, scheduled_parameters
from mmscaffold.schedule.curves.resumed import Overruled, overruled, resumed_config
from mmscaffold.schedule.curves.setup import Setup

__all__ = [
    "LEARNING_RATE",
    "MOMENTUM",
    "WEIGHT_DECAY",
    "Break",
    "Curve",
    "NotKnownError",
    "Overruled",
    "Segment",
    "Setup",
    "group_values",
    "initial_value",
    "mmcv_curve",
    "mmengine_curve",
    "named_groups",
    "optimizer_names",
    "overruled",
    "resumed_config",
    "scheduled_parameters",
]
