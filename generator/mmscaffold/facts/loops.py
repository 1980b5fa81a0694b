"""The train loops, one row each, and what the Runner builds where a config names none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mmscaffold.facts.units import Unit


class TrainLoop(NamedTuple):
    """A train loop of mmengine (mmengine/runner/loops.py).

    Attributes:
        name: Its class.
        unit: What it counts.
        maximum: The argument that sets its length, in ``unit``.
        counterpart: The loop that does the same in the other unit.
        val_interval: Its default: it validates every so many of ``unit``.
        val_begin: Its default: the first of ``unit``, from 1, after which it validates.
    """

    name: str
    unit: Unit
    maximum: str
    counterpart: str
    val_interval: int
    val_begin: int


TRAIN_LOOPS: Mapping[str, TrainLoop] = {
    row.name: row
    for row in (
        TrainLoop(
            "EpochBasedTrainLoop", Unit.EPOCHS, "max_epochs",
            counterpart="IterBasedTrainLoop", val_interval=1, val_begin=1,
        ),
        TrainLoop(
            "IterBasedTrainLoop", Unit.ITERATIONS, "max_iters",
            counterpart="EpochBasedTrainLoop", val_interval=1000, val_begin=1,
        ),
    )
}  # fmt: skip

LOOP_OF_UNIT: Mapping[Unit, TrainLoop] = {row.unit: row for row in TRAIN_LOOPS.values()}
"""mmengine's own loop for each unit."""

UNIT_OF_MAXIMUM: Mapping[str, Unit] = {row.maximum: row.unit for row in TRAIN_LOOPS.values()}
"""What is counted by the loop that takes ``max_epochs``, and by that which takes ``max_iters``."""

EVALUATION_LOOPS: Mapping[str, str] = {"val_cfg": "ValLoop", "test_cfg": "TestLoop"}
"""What the Runner builds of a key that names no ``type`` (build_val_loop, build_test_loop)."""

LOOP_KEYS = ("train_cfg", *EVALUATION_LOOPS)
"""The keys of a config from which the Runner builds loops."""


def default_train_loop(by_epoch: object) -> TrainLoop:
    """What the Runner builds of a ``train_cfg`` without a ``type`` (build_train_loop).

    Args:
        by_epoch: Its ``by_epoch``; one that is not set counts as ``False``.
    """
    return LOOP_OF_UNIT[Unit.EPOCHS if by_epoch else Unit.ITERATIONS]


def other_maximum(maximum: str) -> str | None:
    """``max_iters`` for ``max_epochs``, and the other way round; else ``None``."""
    unit = UNIT_OF_MAXIMUM.get(maximum)
    return None if unit is None else LOOP_OF_UNIT[unit.other].maximum
