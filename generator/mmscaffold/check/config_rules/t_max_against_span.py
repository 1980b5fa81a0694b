"""``T_max`` does not fit the span between ``begin`` and ``end``.

A ``T_max`` equal to ``end`` beside a ``begin`` of some warm-up is the YOLOX idiom, and not a
finding: the difference is small and intended. Nor is a span that is off by a fiftieth.

## Why it matters

The cosine falls from ``begin`` for ``T_max`` steps. With a ``T_max`` shorter than the span the
learning rate reaches its minimum and then rises again, back to where it began after twice as
many steps. With a longer one it never reaches the minimum.

## Symptoms

The ``lr`` in the log rises again after its minimum, or ends far above it.

## Before -> after

Leave ``T_max`` out; mmengine then takes ``end - begin``.

## Fix safety

There is no automatic fix: a cosine that rises again may be intended.

## Source in mmengine

mmengine/optim/scheduler/param_scheduler.py, ``CosineAnnealingParamScheduler``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each cosine that turns around, or stops halfway."""
    length = config.length
    for scheduler in config.schedulers:
        t_max = scheduler.values.get("T_max")
        end = scheduler.end
        if end is None and length is not None and scheduler.unit is length.unit:
            end = length.maximum
        if not is_number(t_max) or end is None or t_max in (end, end - scheduler.begin):
            continue
        span = end - scheduler.begin
        if abs(t_max - span) <= span * _WITHOUT_EFFECT:
            continue
        effect = "rises again" if t_max < span else "never reaches its minimum"
        yield config.found(
            (*scheduler.path, "T_max"),
            f"T_max={t_max}, but {scheduler.type} runs for {scheduler.unit.count(span)} "
            f"({scheduler.begin} to {end}): the value {effect}",
            "Leave T_max out, so that it is end - begin.",
        )


# A cosine is flat at its ends: so near, the value is that of the minimum but for a thousandth.
_WITHOUT_EFFECT = 0.02


RULE = Rule(
    id="MMS107",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=600)
            param_scheduler = dict(type='CosineAnnealingLR', T_max=300, begin=281, end=580)
            """,
            because="One epoch of 300 is no difference.",
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            param_scheduler = dict(type='CosineAnnealingLR', T_max=300, end=300)
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            param_scheduler = dict(type='CosineAnnealingLR', begin=5, end=285)
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            param_scheduler = dict(type='CosineAnnealingLR', begin=5, T_max=285, end=285)
            """,
            because="This is the YOLOX idiom.",
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            param_scheduler = dict(type='CosineAnnealingLR', T_max=100, end=300)
            """,
            at=Spot(2, 56, 59),
            message=(
                "T_max=100, but CosineAnnealingLR runs for 300 epochs (0 to 300): the value "
                "rises again"
            ),
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            param_scheduler = dict(type='CosineAnnealingLR', end=300)
            """,
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            param_scheduler = dict(type='CosineAnnealingLR', T_max=100)
            """,
            at=Spot(2, 56, 59),
            message=(
                "T_max=100, but CosineAnnealingLR runs for 300 epochs (0 to 300): the value "
                "rises again"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            param_scheduler = dict(type='CosineAnnealingLR', T_max=600, end=300)
            """,
            at=Spot(2, 56, 59),
            message=(
                "T_max=600, but CosineAnnealingLR runs for 300 epochs (0 to 300): the value "
                "never reaches its minimum"
            ),
        ),
    ],
)
