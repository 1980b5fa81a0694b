"""The learning rate of some parameters rises where that of all others falls.

``lr_mult`` makes it so small that it lies below the ``eta_min`` at which the scheduler ends; or it
is 0, to freeze them. And ``eta_max`` of ``OneCycleLR`` takes the place of every rate, whatever
``lr_mult`` says.

## Why it matters

``eta_min`` is a number, not a share: ``CosineAnnealingLR`` and ``PolyLR`` end at it for all
parameters, those with an ``lr_mult`` included. A backbone that was to be trained gently ends with
the same rate as the head, which is more than it began with.

## Symptoms

``lr`` in the log, which is that of the first group only, looks right; the loss gets worse in the
last part of the training.

## Before -> after

Write ``eta_min_ratio=0.05`` in place of ``eta_min``: each group then ends at that share of its own
rate. ``PolyLR`` has no ratio: choose an ``eta_min`` below the smallest rate, or take
``PolyLRRatio`` of MMSegmentation. To freeze parameters, use ``frozen_stages`` or the like.

## Fix safety

There is no automatic fix: with a ratio, the training is another one.

## Source in mmengine

mmengine/optim/scheduler/param_scheduler.py, ``CosineAnnealingParamScheduler``,
``PolyParamScheduler`` and ``OneCycleParamScheduler``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.ending_rates import absolute_ends, advice_on_end
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such group, at what sets its rate."""
    for end in absolute_ends(config):
        if end.sets_all:
            for group in end.groups:
                yield config.found(
                    group.path,
                    f"{end.scheduler.type} sets the rate of all parameters by "
                    f"{end.argument}={end.value:g}: {group.key} of {group.name} does nothing",
                    f"Give {end.argument} as a list with one number for each group, or take a "
                    "scheduler that multiplies the rates.",
                )
            continue
        for group in end.groups:
            if not end.raises(group):
                continue
            yield config.found(
                group.path,
                f"the rate of {group.name} rises from {group.rate:g} to {end.value:g}, where "
                f"the others fall from {end.base_rate:g}: {end.argument} of "
                f"{end.scheduler.type} is no share, but the end of all",
                advice_on_end(end),
            )


RULE = Rule(
    id="MMS151",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            optim_wrapper = dict(
                optimizer=dict(type='AdamW', lr=0.001),
                paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.1)}),
            )
            param_scheduler = dict(type='CosineAnnealingLR', eta_min=0.00005, T_max=12)
            """,
        ),
        Valid(
            """
            optim_wrapper = dict(
                optimizer=dict(type='AdamW', lr=0.001),
                paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.01)}),
            )
            param_scheduler = dict(type='CosineAnnealingLR', eta_min_ratio=0.05, T_max=12)
            """,
        ),
        Valid(
            """
            optim_wrapper = dict(
                optimizer=dict(type='AdamW', lr=0.001),
                paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.1)}),
            )
            param_scheduler = dict(type='CosineAnnealingLR', eta_min=0.01, T_max=8, end=8)
            """,
            because="All rise, as in a cyclic schedule.",
        ),
        Valid(
            """
            optim_wrapper = dict(
                constructor='LearningRateDecayOptimizerConstructor',
                optimizer=dict(type='AdamW', lr=0.001),
                paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.01)}),
            )
            param_scheduler = dict(type='CosineAnnealingLR', eta_min=0.0005, T_max=12)
            """,
            because="What that one makes of paramwise_cfg is not known.",
        ),
        Valid(
            """
            optim_wrapper = dict(
                optimizer=dict(type='AdamW', lr=0.001),
                paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.01)}),
            )
            param_scheduler = dict(type='CosineAnnealingLR', eta_min=0.0005, T_max=99, end=12)
            """,
            because="It ends long before it reaches eta_min.",
        ),
    ],
    invalid=[
        Invalid(
            """
            optim_wrapper = dict(
                optimizer=dict(type='AdamW', lr=0.001),
                paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.01)}),
            )
            param_scheduler = dict(type='CosineAnnealingLR', eta_min=0.00005, T_max=12)
            """,
            at=Spot(3, 62, 66),
            message=(
                "the rate of 'backbone' rises from 1e-05 to 5e-05, where the others fall from "
                "0.001: eta_min of CosineAnnealingLR is no share, but the end of all"
            ),
            after="""
            optim_wrapper = dict(
                optimizer=dict(type='AdamW', lr=0.001),
                paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.01)}),
            )
            param_scheduler = dict(type='CosineAnnealingLR', eta_min_ratio=0.05, T_max=12)
            """,
        ),
        Invalid(
            """
            optim_wrapper = dict(
                optimizer=dict(type='SGD', lr=0.01),
                paramwise_cfg=dict(custom_keys=dict(backbone=dict(lr_mult=0))),
            )
            param_scheduler = [
                dict(type='LinearLR', start_factor=0.1, by_epoch=False, begin=0, end=500),
                dict(type='PolyLR', eta_min=0.0001, by_epoch=False, begin=500, end=40000),
            ]
            """,
            at=Spot(3, 63, 64),
            message=(
                "the rate of 'backbone' rises from 0 to 0.0001, where the others fall from 0.01: "
                "eta_min of PolyLR is no share, but the end of all"
            ),
            because="It was to be frozen.",
        ),
        Invalid(
            """
            optim_wrapper = dict(
                optimizer=dict(type='SGD', lr=0.01), paramwise_cfg=dict(bias_lr_mult=0.1)
            )
            param_scheduler = dict(type='OneCycleLR', eta_max=0.01, by_epoch=False)
            """,
            at=Spot(2, 74, 77),
            message=(
                "OneCycleLR sets the rate of all parameters by eta_max=0.01: bias_lr_mult of "
                "biases does nothing"
            ),
        ),
    ],
)
