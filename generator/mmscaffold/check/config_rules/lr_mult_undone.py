"""At the end of the schedule, parameters with an ``lr_mult`` train at the rate of all others.

Told where ``eta_min`` leaves at least half of the small rate, so that these parameters hardly
take part in the decay. Where their rate even rises, that is MMS151.

## Why it matters

``eta_min`` is a number, not a share: ``CosineAnnealingLR`` and ``PolyLR`` end at it for all
parameters. With ``lr_mult=0.1`` and ``eta_min`` a twentieth of ``lr``, the backbone trains at a
tenth of the rate of the head in the beginning, and at the very same rate in the end.

## Symptoms

None in the log, whose ``lr`` is that of the first group only.

## Before -> after

Write ``eta_min_ratio=0.05`` in place of ``eta_min``: each group then ends at that share of its own
rate. If this is intended, there is nothing to do.

## Fix safety

There is no automatic fix: with a ratio, the training is another one.

## Source in mmengine

mmengine/optim/scheduler/param_scheduler.py, ``CosineAnnealingParamScheduler`` and
``PolyParamScheduler``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.ending_rates import absolute_ends, advice_on_end
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid

_LEAST = 0.5


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such group, at what sets its rate."""
    for end in absolute_ends(config):
        for group in end.groups:
            if end.sets_all or end.raises(group) or end.value < group.rate * _LEAST:
                continue
            yield config.found(
                group.path,
                f"{end.argument}={end.value:g} of {end.scheduler.type} is the end of all rates, "
                f"of {group.rate:g} ({group.name}) and of {end.base_rate:g}: "
                f"{group.key} is undone",
                advice_on_end(end),
            )


RULE = Rule(
    id="MMS152",
    severity=Severity.INFO,
    check=check,
    valid=[
        Valid(
            """
            optim_wrapper = dict(
                optimizer=dict(type='AdamW', lr=0.001),
                paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.1)}),
            )
            param_scheduler = dict(type='CosineAnnealingLR', eta_min=1e-6, T_max=12)
            """,
            because="To both, that is next to nothing.",
        ),
        Valid(
            """
            optim_wrapper = dict(
                optimizer=dict(type='AdamW', lr=0.001),
                paramwise_cfg=dict(custom_keys={'head': dict(lr_mult=10)}),
            )
            param_scheduler = dict(type='PolyLR', eta_min=0.0001)
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            optim_wrapper = dict(
                optimizer=dict(type='AdamW', lr=0.004),
                paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.1)}),
            )
            param_scheduler = dict(type='CosineAnnealingLR', eta_min=0.0002, T_max=12)
            """,
            at=Spot(3, 62, 65),
            message=(
                "eta_min=0.0002 of CosineAnnealingLR is the end of all rates, of 0.0004 "
                "('backbone') and of 0.004: lr_mult is undone"
            ),
            after="""
            optim_wrapper = dict(
                optimizer=dict(type='AdamW', lr=0.004),
                paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.1)}),
            )
            param_scheduler = dict(type='CosineAnnealingLR', eta_min_ratio=0.05, T_max=12)
            """,
        ),
    ],
)
