"""An epoch loop reads from a sampler that never ends.

## Why it matters

``EpochBasedTrainLoop`` runs an epoch until its dataloader is exhausted. ``InfiniteSampler``
never is: the first epoch never ends, nothing is validated, and no checkpoint is saved by epoch.

## Symptoms

The log stays in the first epoch, the ETA falls below zero, and no validation ever starts
(mmsegmentation issue #2566).

## Before -> after

Use ``DefaultSampler`` with an epoch loop; or ``IterBasedTrainLoop`` with ``max_iters``, to which
``mmscaffold migrate --to-iters`` moves a whole config.

## Fix safety

There is no automatic fix: either the sampler or the loop may be what is intended.

## Source in mmengine

mmengine/dataset/sampler.py, ``InfiniteSampler``; mmengine/runner/loops.py,
``EpochBasedTrainLoop.run_epoch``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.data import ENDLESS_SAMPLERS, SAMPLER_OF_UNIT
from mmscaffold.facts.loops import LOOP_OF_UNIT
from mmscaffold.facts.units import Unit


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if mmengine's epoch loop gets an endless sampler."""
    loop = config.upstream_loop
    sampler = class_name(config.get("train_dataloader.sampler.type"))
    if loop is LOOP_OF_UNIT[Unit.EPOCHS] and sampler in ENDLESS_SAMPLERS:
        yield config.found(
            ("train_dataloader", "sampler", "type"),
            f"{sampler} never ends, so the first epoch of the train loop does not either",
            f"Use {SAMPLER_OF_UNIT[Unit.EPOCHS].name}, or an iteration loop.",
        )


RULE = Rule(
    id="MMS113",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            train_dataloader = dict(sampler=dict(type='DefaultSampler'))
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            """,
        ),
        Valid(
            """
            train_dataloader = dict(sampler=dict(type='InfiniteSampler'))
            train_cfg = dict(by_epoch=False, max_iters=90000)
            """,
        ),
        Valid(
            """
            train_dataloader = dict(sampler=dict(type='InfiniteSampler'))
            train_cfg = dict(type='OwnLoop', max_epochs=12)
            """,
            because="A project's own loop may end its epochs itself.",
        ),
    ],
    invalid=[
        Invalid(
            """
            train_dataloader = dict(sampler=dict(type='InfiniteSampler'))
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            """,
            at=Spot(1, 43, 60),
            message=(
                "InfiniteSampler never ends, so the first epoch of the train loop does not either"
            ),
            after="""
            train_dataloader = dict(sampler=dict(type='DefaultSampler'))
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            """,
        ),
        Invalid(
            """
            train_dataloader = dict(sampler=dict(type='InfiniteSampler'))
            train_cfg = dict(by_epoch=True, max_epochs=12)
            """,
            at=Spot(1, 43, 60),
            message=(
                "InfiniteSampler never ends, so the first epoch of the train loop does not either"
            ),
        ),
    ],
)
