"""A milestone lies after the end of training, so the step never happens.

A milestone exactly at the maximum is not a finding: it cannot fire either, and many official
configs have one.

## Why it matters

Milestones count from the ``begin`` of their scheduler. One that lies past the maximum never fires:
the learning rate is not lowered as often as the config says. This happens when ``max_epochs``
is lowered and the milestones are not, or when milestones are written as if they counted from
the start of training.

## Symptoms

The ``lr`` in the log drops less often than there are milestones, or never.

## Before -> after

Scale the milestones to the training length, or run
``mmscaffold migrate --max-epochs N``, which does so.

## Fix safety

There is no automatic fix: where the steps should lie is a choice.

## Source in mmengine

mmengine/optim/scheduler/param_scheduler.py, ``MultiStepParamScheduler``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each scheduler with such milestones."""
    length = config.length
    if length is None:
        return
    for scheduler in config.schedulers:
        if scheduler.unit is not length.unit:
            continue
        late = [one for one in scheduler.milestones if scheduler.begin + one > length.maximum]
        if late:
            counted = f", counted from begin={scheduler.begin}," if scheduler.begin else ""
            yield config.found(
                (*scheduler.path, "milestones"),
                f"milestones {late}{counted} lie after the end of training at "
                f"{length.unit.count(length.maximum)}",
                "Scale the milestones to the training length.",
            )


RULE = Rule(
    id="MMS106",
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
            param_scheduler = dict(type='MultiStepLR', milestones=[8, 12])
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='MultiStepLR', milestones=[28, 34])
            """,
            at=Spot(2, 55, 63),
            message="milestones [28, 34] lie after the end of training at 12 epochs",
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='MultiStepLR', milestones=[8, 11])
            """,
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='MultiStepLR', begin=6, milestones=[8])
            """,
            because="Milestones count from begin: this one would fire at 14.",
            at=Spot(2, 64, 67),
            message=(
                "milestones [8], counted from begin=6, lie after the end of training at 12 epochs"
            ),
        ),
    ],
)
