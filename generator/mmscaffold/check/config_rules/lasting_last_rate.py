"""More than half of the training runs at the last, lowest learning rate of a step schedule.

## Why it matters

``max_epochs`` was raised, and the milestones stayed those of the standard schedule: 8 and 11 of 12
epochs under 100. The learning rate drops to a hundredth after a tenth of the training, and the
rest changes little.

## Symptoms

The loss and the metrics stand still from an early epoch on; a longer training is no better than a
short one.

## Before -> after

Set ``max_epochs`` back to what the milestones were made for, and let
``mmscaffold migrate --max-epochs N`` raise it: that moves the whole schedule.

## Fix safety

There is no automatic fix: where the milestones belong depends on what they were made for.

## Source in mmengine

mmengine/optim/scheduler/param_scheduler.py, ``MultiStepParamScheduler``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.schedule.schedulers import Scheduler

# The most that the last rate of an official config of mmdet, mmsegmentation or mmpose holds for
# is well below this part of the training.
_MOST = 0.5


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding, at the milestones that come last."""
    length = config.length
    if length is None or config.is_legacy:
        return
    by_parameter: dict[object, list[Scheduler]] = {}
    for scheduler in config.schedulers:
        by_parameter.setdefault(scheduler.parameter, []).append(scheduler)
    if len(config.schedulers) != len(config.scheduler_dicts):
        return
    for found in by_parameter.values():
        # Those of the other unit cannot be compared, but for warm-ups.
        shaping = [one for one in found if not one.is_warm_up]
        if any(one.unit is not length.unit or one.last_change is None for one in shaping):
            continue
        steps = [one for one in shaping if one.milestones]
        if not steps:
            continue
        last = max(steps, key=lambda one: one.last_change or 0)
        change = max(one.last_change or 0 for one in shaping)
        gamma = last.values.get("gamma", 0.1)
        lowers = isinstance(gamma, int | float) and gamma < 1
        if change < length.maximum * _MOST and lowers:
            # Exact, in whole steps: of 3 epochs, nothing happens at the third.
            later = sorted({length.maximum * 2 // 3, length.maximum * 11 // 12})
            yield config.found(
                (*last.path, "milestones"),
                f"{last.type} drops for the last time at {change:g} of "
                f"{length.unit.count(length.maximum)}: the other {length.maximum - change:g} "
                "train at the last rate",
                f"Move the milestones to later parts of the {length.maximum}, such as {later}; "
                "`mmscaffold migrate --max-epochs` does so when it changes the length.",
            )


RULE = Rule(
    id="MMS149",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = [
                dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=500),
                dict(type='MultiStepLR', end=12, milestones=[8, 11]),
            ]
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=100)
            param_scheduler = [
                dict(type='MultiStepLR', milestones=[8, 11], end=50),
                dict(type='CosineAnnealingLR', begin=50, T_max=50, end=100),
            ]
            """,
            because="Another scheduler takes over.",
        ),
        Valid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)
            param_scheduler = dict(type='MultiStepLR', milestones=[8, 11])
            """,
            because="Epochs and iterations are not compared.",
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=100)
            param_scheduler = [
                dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=500),
                dict(type='MultiStepLR', end=12, milestones=[8, 11]),
            ]
            """,
            at=Spot(4, 49, 56),
            message=(
                "MultiStepLR drops for the last time at 11 of 100 epochs: the other 89 train at "
                "the last rate"
            ),
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=100)
            param_scheduler = [
                dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=500),
                dict(type='MultiStepLR', end=100, milestones=[67, 92]),
            ]
            """,
        ),
        Invalid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=270000)
            param_scheduler = dict(type='MultiStepLR', by_epoch=False, milestones=[60000, 80000])
            """,
            at=Spot(2, 71, 85),
            message=(
                "MultiStepLR drops for the last time at 80000 of 270000 iterations: the other "
                "190000 train at the last rate"
            ),
        ),
    ],
)
