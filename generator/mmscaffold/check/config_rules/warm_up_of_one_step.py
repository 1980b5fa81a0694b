"""A warm-up of one step never ends.

## Why it matters

``LinearLR`` and ``ConstantLR`` set the first value at ``begin`` and change it in the steps after
that, before ``end``. With ``end = begin + 1`` there is no such step: the learning rate stays at
``start_factor``, or at ``factor``, of what it should be for the whole training, and what follows
multiplies that. Usually one epoch was intended, and the scheduler counts it as one step.

## Symptoms

The ``lr`` in the log stays at a fraction of the optimizer's ``lr`` after the warm-up.

## Before -> after

Add ``convert_to_iter_based=True``, which warms up over the iterations of that epoch; or warm up
for more steps.

## Fix safety

There is no automatic fix: a longer warm-up changes the first epochs.

## Source in mmengine

mmengine/optim/scheduler/param_scheduler.py, ``LinearParamScheduler`` and
``ConstantParamScheduler``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each warm-up of one step that leaves a lower value behind."""
    for scheduler in config.schedulers:
        if scheduler.end != scheduler.begin + 1 or not scheduler.family.factors:
            continue
        if scheduler.values.get("convert_to_iter_based"):
            continue
        key, default = next(iter(scheduler.family.factors.items()))
        factor = scheduler.values.get(key, default)
        if isinstance(factor, int | float) and factor < 1:
            yield config.found(
                (*scheduler.path, "end"),
                f"{scheduler.type} has one step only ({scheduler.begin} to "
                f"{scheduler.unit.count(scheduler.end)}): the value stays at {key}={factor:.3g} "
                "of what it should be for the whole training",
                "Add convert_to_iter_based=True, or warm up for more steps.",
            )


RULE = Rule(
    id="MMS133",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            "param_scheduler = dict(type='LinearLR', start_factor=0.001, end=2)",
        ),
        Valid(
            """
            param_scheduler = dict(type='LinearLR', end=1, convert_to_iter_based=True)
            """,
        ),
        Valid(
            "param_scheduler = dict(type='LinearLR', by_epoch=False, end=500)",
        ),
        Valid(
            "param_scheduler = dict(type='ConstantLR', factor=1.0, begin=0, end=1)",
        ),
        Valid(
            "param_scheduler = dict(type='PolyLR', begin=0, end=1)",
        ),
    ],
    invalid=[
        Invalid(
            """
            param_scheduler = dict(type='LinearLR', start_factor=0.001, begin=0, end=1)
            """,
            at=Spot(1, 74, 75),
            message=(
                "LinearLR has one step only (0 to 1 epoch): the value stays at "
                "start_factor=0.001 of what it should be for the whole training"
            ),
            after="""
            param_scheduler = dict(
                type='LinearLR',
                start_factor=0.001,
                begin=0,
                end=1,
                convert_to_iter_based=True,
            )
            """,
        ),
        Invalid(
            """
            param_scheduler = [
                dict(type='ConstantLR', factor=0.1, by_epoch=True, end=1),
                dict(type='CosineAnnealingLR', begin=1, end=12),
            ]
            """,
            at=Spot(2, 60, 61),
            message=(
                "ConstantLR has one step only (0 to 1 epoch): the value stays at factor=0.1 of "
                "what it should be for the whole training"
            ),
        ),
    ],
)
