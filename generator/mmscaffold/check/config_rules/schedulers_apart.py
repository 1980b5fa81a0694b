"""Two schedulers of one parameter leave a gap, or anneal it at the same time.

A warm-up in iterations beside a decay in epochs is the usual pattern, and not a finding; neither
is a warm-up that overlaps a decay, where the product is intended, nor a plateau of a quarter of
the training or more: a stage of its own, as in RTMDet.

## Why it matters

Schedulers of one unit are meant to take turns: a warm-up, then a decay. Between the ``end`` of
one and the ``begin`` of the next the learning rate stays constant. Where two that anneal overlap,
each multiplies what the other made of it, and the learning rate falls much faster than either
says.

## Symptoms

The ``lr`` in the log stays constant between the two schedulers, or falls towards zero long before
the end.

## Before -> after

Let the next scheduler ``begin`` where the one before it has its ``end``.

## Fix safety

There is no automatic fix: a gap may be an intended plateau.

## Source in mmengine

mmengine/optim/scheduler/param_scheduler.py: each step is computed from the value before.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.schedule.schedulers import Scheduler


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each pair of neighbours that does not meet."""
    groups: dict[object, list[Scheduler]] = {}
    for scheduler in config.schedulers:
        groups.setdefault((scheduler.parameter, scheduler.unit), []).append(scheduler)
    for group in groups.values():
        ordered = sorted(group, key=lambda one: one.begin)
        for before, after in itertools.pairwise(ordered):
            if before.end is None or not after.anneals:
                continue
            plateau = after.begin - before.end
            if plateau > 0 and before.is_warm_up and not _is_stage(config, after, plateau):
                yield config.found(
                    (*after.path, "begin"),
                    f"{after.type} begins at {after.begin}, {before.type} ends at {before.end}: "
                    f"for {after.unit.count(plateau)} the value stays constant",
                    f"Set begin={before.end}, or add a ConstantLR if the plateau is intended.",
                )
            elif after.begin < before.end and before.anneals:
                yield config.found(
                    after.path,
                    f"{before.type} ({before.begin} to {before.end}) and {after.type} (from "
                    f"{after.begin}) both lower the value between {after.begin} and "
                    f"{after.unit.count(before.end)}",
                    f"Set begin={before.end}.",
                )


def _is_stage(config: ConfigView, after: Scheduler, plateau: float) -> bool:
    """Whether a plateau is so long that it must be meant: a quarter of the training.

    mmdet's RTMDet keeps its learning rate up to the half, and anneals it from there.
    """
    length = config.length
    return length is not None and length.unit is after.unit and 4 * plateau >= length.maximum


RULE = Rule(
    id="MMS108",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            param_scheduler = [
                dict(type='QuadraticWarmupLR', end=5),
                dict(type='CosineAnnealingLR', begin=5, end=300),
            ]
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            param_scheduler = [
                dict(type='LinearLR', end=5),
                dict(type='MultiStepLR', begin=0, end=300, milestones=[200]),
            ]
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            param_scheduler = [
                dict(type='LinearLR', by_epoch=False, end=1000),
                dict(type='CosineAnnealingLR', begin=150, end=300),
            ]
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)
            param_scheduler = [
                dict(type='LinearLR', by_epoch=False, end=1000),
                dict(type='CosineAnnealingLR', by_epoch=False, begin=45000, end=90000),
            ]
            """,
            because="Half of the training at the full rate is a stage, not a gap.",
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            param_scheduler = [
                dict(type='CosineAnnealingLR', end=300),
                dict(type='CosineAnnealingMomentum', end=300),
            ]
            """,
            because="One schedules the learning rate, the other the momentum.",
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            param_scheduler = [
                dict(type='LinearLR', start_factor=0.1, end=5),
                dict(type='CosineAnnealingLR', begin=50, end=300),
            ]
            """,
            at=Spot(4, 42, 44),
            message=(
                "CosineAnnealingLR begins at 50, LinearLR ends at 5: for 45 epochs the value "
                "stays constant"
            ),
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            param_scheduler = [
                dict(type='LinearLR', start_factor=0.1, end=5),
                dict(type='CosineAnnealingLR', begin=5, end=300),
            ]
            """,
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            param_scheduler = [
                dict(type='CosineAnnealingLR', end=200),
                dict(type='PolyLR', begin=100, end=300),
            ]
            """,
            at=Spot(4, 5, 44),
            message=(
                "CosineAnnealingLR (0 to 200) and PolyLR (from 100) both lower the value "
                "between 100 and 200 epochs"
            ),
        ),
    ],
)
