"""The learning rate decays to its last value long before training ends.

A ``MultiStepLR`` that ends early after its last milestone changes nothing and is not a finding;
neither is a plateau that is written explicitly, with a ``ConstantLR`` up to the end.

## Why it matters

A scheduler that anneals (cosine, polynomial, linear, exponential) stops at its ``end``. If that
is before training ends, and no other scheduler follows, the rest of training uses the lowest
learning rate. So it is with a ``StepLR``, which would lower it again and again. This happens when
``max_epochs`` is raised and the schedule is not.

## Symptoms

From the old end on, the ``lr`` in the log stays at its lowest value, and the metrics
hardly change.

## Before -> after

Set ``end`` (and ``T_max``) to the training length, or run
``mmscaffold migrate --max-epochs N``, which moves the whole schedule. If the plateau is
intended, say so with a ``ConstantLR``, or suppress the finding, giving the reason.

## Fix safety

There is no automatic fix: the plateau may be intended, and a longer decay changes every step.

## Source in mmengine

mmengine/optim/scheduler/param_scheduler.py, ``_ParamScheduler.step``: it does nothing outside of
``begin`` and ``end``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for the scheduler that ends last, for each that is scheduled."""
    length = config.length
    if length is None:
        return
    for scheduler in config.schedulers:
        end = scheduler.end
        if end is None or scheduler.unit is not length.unit:
            continue
        missed = scheduler.first_drop_from(end)
        if not scheduler.anneals and (missed is None or missed >= length.maximum):
            continue
        others = [
            other
            for other in config.schedulers
            if other is not scheduler and other.parameter == scheduler.parameter
        ]
        # Those of the other unit cannot be compared, but for warm-ups.
        followed = any(
            other.end is None or other.end > end
            for other in others
            if other.unit is length.unit or not other.is_warm_up
        )
        if end < length.maximum and not followed:
            is_idle = missed is not None and missed == scheduler.first_drop_from(scheduler.begin)
            yield config.found(
                (*scheduler.path, "end"),
                f"{scheduler.type} ends at {end} of {length.unit.count(length.maximum)}"
                + (
                    f", so that its first drop, at {missed}, never happens"
                    if is_idle
                    else f": the last {length.maximum - end} train with its lowest value"
                ),
                f"Set end={length.maximum} and adjust T_max and the like, or leave end out.",
            )


RULE = Rule(
    id="MMS104",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='CosineAnnealingLR', T_max=36, end=36)
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='CosineAnnealingLR', T_max=36)
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='MultiStepLR', end=12, milestones=[8, 11])
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = [
                dict(type='CosineAnnealingLR', T_max=30, end=30),
                dict(type='ConstantLR', factor=1, begin=30, end=36),
            ]
            """,
            because="This is the YOLOX way: a plateau that is written explicitly.",
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='StepLR', step_size=12, end=35)
            """,
            because="The drop after that would come with the end of the training.",
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='StepLR', step_size=3, gamma=1.1, end=12)
            """,
            because="It raises the rate, as some warm-ups do.",
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='LinearLR', start_factor=0.1, end=3)
            """,
            because="A warm-up ends early by nature.",
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='LinearLR', end=500, by_epoch=False)
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='StepLR', step_size=4, end=12)
            """,
            at=Spot(2, 56, 58),
            message=("StepLR ends at 12 of 36 epochs: the last 24 train with its lowest value"),
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='StepLR', step_size=4)
            """,
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=100)
            param_scheduler = dict(type='StepLR', begin=1, step_size=30, end=12)
            """,
            at=Spot(2, 66, 68),
            message=(
                "StepLR ends at 12 of 100 epochs, so that its first drop, at 31, never happens"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='CosineAnnealingLR', T_max=12, end=12)
            """,
            at=Spot(2, 64, 66),
            message=(
                "CosineAnnealingLR ends at 12 of 36 epochs: the last 24 train with its "
                "lowest value"
            ),
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = dict(type='CosineAnnealingLR', T_max=36, end=36)
            """,
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)
            param_scheduler = [
                dict(type='LinearLR', start_factor=0.1, end=2),
                dict(type='PolyLR', begin=2, end=24),
            ]
            """,
            at=Spot(4, 38, 40),
            message=("PolyLR ends at 24 of 36 epochs: the last 12 train with its lowest value"),
        ),
        Invalid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)
            param_scheduler = dict(type='PolyLR', by_epoch=False, end=40000)
            """,
            at=Spot(2, 59, 64),
            message=(
                "PolyLR ends at 40000 of 90000 iterations: the last 50000 train with its "
                "lowest value"
            ),
        ),
    ],
)
