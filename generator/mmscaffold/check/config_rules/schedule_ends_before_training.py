"""A scheduler has a milestone that it never reaches, because it ends first.

A milestone that lies at the end of training or later is not a finding: it could never fire,
and many official configs have one.

## Why it matters

A scheduler changes the learning rate only from ``begin`` up to its ``end``: a milestone at ``end``
or later, but within training, is written and never happens. This happens when a child
raises ``max_epochs`` and ``milestones``, but the ``end`` of the scheduler is still the old one.

## Symptoms

The ``lr`` in the log stays where it was at the milestone; nothing warns about it.

## Before -> after

Set ``end`` to the training length, or leave it out, so that mmengine does so.

## Fix safety

``mmscaffold check --fix`` sets ``end`` to the training length. The milestones then fire as
written: the learning rate changes from the old end on, and with it the result.

## Source in mmengine

mmengine/optim/scheduler/param_scheduler.py, ``_ParamScheduler.step``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.change import Change


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each scheduler with a milestone out of its reach."""
    length = config.length
    if length is None:
        return
    for scheduler in config.schedulers:
        if scheduler.unit is not length.unit or scheduler.end is None:
            continue
        missed = [
            milestone
            for milestone in scheduler.milestones
            if scheduler.end <= scheduler.begin + milestone < length.maximum
        ]
        if missed:
            end = config.origin((*scheduler.path, "end"))
            yield config.found(
                (*scheduler.path, "milestones"),
                f"{scheduler.type} ends at {scheduler.end} of "
                f"{length.unit.count(length.maximum)}, so its milestones {missed} "
                f"never happen (end is set at {end.where})",
                f"Set end={length.maximum}, or leave end out.",
                (Change((*scheduler.path, "end"), length.maximum),),
            )


RULE = Rule(
    id="MMS102",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = [dict(type='MultiStepLR', end=12, milestones=[8, 11])]
            """,
            because="The milestones fire before the scheduler ends: harmless.",
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='MultiStepLR', end=36, milestones=[28, 34])
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='MultiStepLR', milestones=[28, 34])
            """,
            because="Without an end, mmengine uses the training length.",
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='MultiStepLR', end=36, milestones=[36])
            """,
            because="A milestone at the maximum never fires, and never matters.",
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(
                type='MultiStepLR', by_epoch=False, end=9, milestones=[9]
            )
            """,
            because="In a different unit from that of training, the two cannot be compared.",
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = [dict(type='MultiStepLR', end=12, milestones=[28, 34])]
            """,
            at=Spot(2, 64, 72),
            message=(
                "MultiStepLR ends at 12 of 36 epochs, so its milestones [28, 34] never happen "
                "(end is set at config.py:2:49)"
            ),
            fixed="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = [dict(type='MultiStepLR', end=36, milestones=[28, 34])]
            """,
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='MultiStepLR', begin=4, end=12, milestones=[9])
            """,
            because="Milestones count from begin.",
            at=Spot(2, 72, 75),
            message=(
                "MultiStepLR ends at 12 of 36 epochs, so its milestones [9] never happen (end "
                "is set at config.py:2:57)"
            ),
            fixed="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='MultiStepLR', begin=4, end=36, milestones=[9])
            """,
        ),
    ],
)
