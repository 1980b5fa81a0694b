"""A scheduler counts iterations, with numbers that look like epochs.

A warm-up in iterations is the usual exception, and not a finding.

## Why it matters

With ``by_epoch=False`` the milestones ``[8, 11]`` are the 8th and the 11th iteration: the
learning rate drops within the first seconds of training and stays there. Under an epoch
loop such a scheduler should count epochs.

## Symptoms

The ``lr`` in the very first lines of the log is already the lowest of the schedule, and the loss
hardly falls.

## Before -> after

Remove ``by_epoch=False``.

## Fix safety

There is no automatic fix: a schedule of a few iterations is possible, if unlikely.

## Source in mmengine

mmengine/hooks/param_scheduler_hook.py, ``ParamSchedulerHook.after_train_iter``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.units import Unit


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each scheduler that is over within as many iterations as epochs."""
    length = config.length
    if length is None or length.unit is not Unit.EPOCHS:
        return
    for scheduler in config.schedulers:
        if scheduler.unit is not Unit.ITERATIONS:
            continue
        last = scheduler.last_change if scheduler.milestones or scheduler.anneals else None
        # What happens before the first iteration has no unit.
        if last is not None and 0 < last <= length.maximum:
            yield config.found(
                (*scheduler.path, "by_epoch"),
                f"{scheduler.type} with by_epoch=False is over after {last} iterations, in a "
                f"run of {length.maximum} epochs",
                "Remove by_epoch=False, or write the numbers in iterations.",
            )


RULE = Rule(
    id="MMS134",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='MultiStepLR', milestones=[8, 11])
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='LinearLR', by_epoch=False, end=10)
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='MultiStepLR', by_epoch=False, milestones=[0])
            """,
            because="It lowers the rate at once, as a warm-up may begin.",
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(
                type='MultiStepLR', by_epoch=False, milestones=[8000, 11000]
            )
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=100)
            param_scheduler = dict(type='MultiStepLR', by_epoch=False, milestones=[8, 11])
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='MultiStepLR', by_epoch=False, milestones=[8, 11])
            """,
            at=Spot(2, 53, 58),
            message=(
                "MultiStepLR with by_epoch=False is over after 11 iterations, in a run of "
                "12 epochs"
            ),
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='MultiStepLR', milestones=[8, 11])
            """,
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='CosineAnnealingLR', by_epoch=False, end=12)
            """,
            at=Spot(2, 59, 64),
            message=(
                "CosineAnnealingLR with by_epoch=False is over after 12 iterations, in a "
                "run of 12 epochs"
            ),
        ),
    ],
)
