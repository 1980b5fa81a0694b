"""A scheduler counts epochs while the loop counts iterations.

## Why it matters

To mmengine, the whole of ``IterBasedTrainLoop`` is a single epoch. A scheduler with
``by_epoch=True``, the default, takes its only step when training is over.

## Symptoms

The ``lr`` in the log stays at its first value to the end; nothing warns about it.

## Before -> after

Add ``by_epoch=False`` and write ``begin``, ``end`` and ``milestones`` in iterations; or add
``convert_to_iter_based=True``, which multiplies them by the length of the dataloader.

## Fix safety

There is no automatic fix: how many iterations an epoch has depends on the dataset and the batch
size, which the config alone does not say.

## Source in mmengine

mmengine/hooks/param_scheduler_hook.py, ``ParamSchedulerHook.after_train_epoch``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.units import Unit


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such scheduler."""
    if config.unit is not Unit.ITERATIONS:
        return
    for scheduler in config.schedulers:
        if scheduler.unit is not Unit.EPOCHS or scheduler.family.after_validations:
            continue
        if not scheduler.values.get("convert_to_iter_based"):
            key = "by_epoch" if "by_epoch" in scheduler.values else "type"
            yield config.found(
                (*scheduler.path, key),
                f"{scheduler.type} counts epochs, the loop counts iterations: it steps only "
                "once, when training is over",
                "Add by_epoch=False and count in iterations, or convert_to_iter_based=True.",
            )


RULE = Rule(
    id="MMS111",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)
            param_scheduler = dict(
                type='MultiStepLR', by_epoch=False, milestones=[60000, 80000]
            )
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)
            param_scheduler = dict(
                type='MultiStepLR', convert_to_iter_based=True, milestones=[8]
            )
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='MultiStepLR', milestones=[8])
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)
            param_scheduler = dict(type='ReduceOnPlateauLR')
            """,
            because="It steps after validations, whatever its unit.",
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)
            param_scheduler = dict(type='MultiStepLR', milestones=[8, 11])
            """,
            at=Spot(2, 29, 42),
            message=(
                "MultiStepLR counts epochs, the loop counts iterations: it steps only once, "
                "when training is over"
            ),
            after="""
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)
            param_scheduler = dict(
                type='MultiStepLR', by_epoch=False, milestones=[60000, 80000]
            )
            """,
        ),
        Invalid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)
            param_scheduler = [
                dict(type='LinearLR', by_epoch=False, end=500),
                dict(type='CosineAnnealingLR', by_epoch=True, begin=0, end=12),
            ]
            """,
            at=Spot(4, 45, 49),
            message=(
                "CosineAnnealingLR counts epochs, the loop counts iterations: it steps only "
                "once, when training is over"
            ),
        ),
    ],
)
