"""A periodic action has an interval longer than training itself.

## Why it matters

A ``val_interval`` beyond the maximum still validates once, at the end (since mmengine 0.10.4). A
``val_begin`` beyond it never does, which some configs intend. A checkpoint interval or
``save_begin`` beyond it leaves only the last checkpoint, and none if the run is interrupted. An
iteration loop logs where its iterations are multiples of the interval of ``LoggerHook``.

## Symptoms

The log has no validation before the last epoch, or none at all; the work folder has no checkpoint
until the end.

## Before -> after

Choose an interval that fits the training; if this is intended, there is nothing to do.

## Fix safety

There is no automatic fix: the interval may be intended, and a better one is a choice.

## Source in mmengine

mmengine/runner/loops.py, ``EpochBasedTrainLoop.run``; mmengine/hooks/checkpoint_hook.py,
``CheckpointHook.after_train_epoch``; mmengine/hooks/logger_hook.py,
``LoggerHook.after_train_iter``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.hooks import step_unit
from mmscaffold.schedule.training_length import TrainingLength


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each interval."""
    length = config.length
    if length is None:
        return
    for path, effect in _intervals(config, length):
        value = config.get(path)
        if is_number(value) and value > length.maximum:
            yield config.found(
                path,
                f"{path[-1]}={value} lies beyond the {length.unit.count(length.maximum)} "
                f"of training: {effect}",
                f"Choose a value up to {length.maximum}, unless this is intended.",
            )


def _intervals(config: ConfigView, length: TrainingLength) -> Iterator[tuple[KeyPath, str]]:
    yield ("train_cfg", "val_interval"), "it validates once, at the end"
    yield ("train_cfg", "val_begin"), "it never validates"
    for path, hook, row in config.known_hooks:
        if row.name == "LoggerHook" and length.unit is Unit.ITERATIONS:
            yield (*path, "interval"), "hardly a line of the training is logged"
        if row.name != "CheckpointHook":
            continue
        for step in row.steps:
            if step_unit(step, hook, row, length.unit) is length.unit:
                yield (*path, step.argument), "only the last checkpoint is saved"


RULE = Rule(
    id="MMS115",
    severity=Severity.INFO,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=12)
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            default_hooks = dict(
                checkpoint=dict(type='CheckpointHook', by_epoch=False, interval=5000)
            )
            """,
            because="In different units, the two cannot be compared.",
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=24)
            """,
            at=Spot(1, 74, 76),
            message=(
                "val_interval=24 lies beyond the 12 epochs of training: it validates once, "
                "at the end"
            ),
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=4)
            """,
        ),
        Invalid(
            "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_begin=13)",
            at=Spot(1, 71, 73),
            message="val_begin=13 lies beyond the 12 epochs of training: it never validates",
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=20))
            """,
            at=Spot(2, 70, 72),
            message=(
                "interval=20 lies beyond the 12 epochs of training: only the last "
                "checkpoint is saved"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=40, val_interval=20)
            default_hooks = dict(logger=dict(type='LoggerHook', interval=50))
            """,
            at=Spot(2, 62, 64),
            message=(
                "interval=50 lies beyond the 40 iterations of training: hardly a line of the "
                "training is logged"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_begin=15))
            """,
            at=Spot(2, 72, 74),
            message=(
                "save_begin=15 lies beyond the 12 epochs of training: only the last "
                "checkpoint is saved"
            ),
        ),
    ],
)
