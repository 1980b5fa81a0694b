"""Training ends before the learning rate has decayed.

## Why it matters

A scheduler that anneals reaches its lowest value at its ``end``. If training ends before that,
the model never sees the small learning rates that the schedule is designed for. This happens when
``max_epochs`` is lowered, for a quick run, and the schedule is not. One that begins where training
ends, as the cosine of RTMDet in the second half of 300 epochs, does nothing at all. ``PolyLR`` and
``LinearLR`` are there one step before their ``end``, which may be one step more than the length.

## Symptoms

The last ``lr`` in the log is far above the lowest one of the schedule.

## Before -> after

Set ``end`` (and ``T_max``) to the training length, or run
``mmscaffold migrate --max-epochs N``, which moves the whole schedule.

## Fix safety

There is no automatic fix: either the schedule or the length may be what is intended.

## Source in mmengine

mmengine/optim/scheduler/param_scheduler.py, ``_ParamScheduler.step``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each annealing that is cut off."""
    length = config.length
    if length is None:
        return
    for scheduler in config.schedulers:
        if not scheduler.anneals or scheduler.unit is not length.unit:
            continue
        # What is done a step before its end may end a step after the training.
        last = length.maximum + int(scheduler.family.ends_early)
        if scheduler.end is not None and scheduler.end > last:
            span = f"runs until {scheduler.end}"
            effect = "it never reaches its lowest value"
            advice = f"Set end={length.maximum} and adjust T_max and the like."
            if scheduler.begin >= length.maximum:
                span = f"begins at {scheduler.begin} and {span}"
                effect = "it does nothing"
                advice = f"Set a begin below {length.maximum}, end={length.maximum}, and T_max."
            yield config.found(
                (*scheduler.path, "end"),
                f"{scheduler.type} {span}, but training ends at "
                f"{length.unit.count(length.maximum)}: {effect}",
                advice,
            )


RULE = Rule(
    id="MMS105",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='CosineAnnealingLR', end=12)
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='MultiStepLR', end=36, milestones=[8, 11])
            """,
            because="Nothing happens between its last milestone and its end.",
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='PolyLR', end=13)
            """,
            because="PolyLR is done one step before its end.",
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='CosineAnnealingLR', T_max=300, end=300)
            """,
            at=Spot(2, 65, 68),
            message=(
                "CosineAnnealingLR runs until 300, but training ends at 12 epochs: it never "
                "reaches its lowest value"
            ),
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='CosineAnnealingLR', T_max=12, end=12)
            """,
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=100)
            param_scheduler = dict(type='CosineAnnealingLR', begin=150, T_max=150, end=300)
            """,
            at=Spot(2, 76, 79),
            message=(
                "CosineAnnealingLR begins at 150 and runs until 300, but training ends at 100 "
                "epochs: it does nothing"
            ),
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=100)
            param_scheduler = dict(type='CosineAnnealingLR', begin=50, T_max=50, end=100)
            """,
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='PolyLR', end=14)
            """,
            at=Spot(2, 43, 45),
            message=(
                "PolyLR runs until 14, but training ends at 12 epochs: it never reaches its "
                "lowest value"
            ),
        ),
    ],
)
