"""An iteration loop reads from a sampler that ends.

## Why it matters

It works, but costs time: at the end of the data the loop restarts the dataloader, with a
warning, and waits two seconds for it. Workers are restarted each time. mmengine recommends
``InfiniteSampler``; mmdet's own configs often do without it.

## Symptoms

A warning that the dataloader reached its end and is restarted, and an iteration that takes
seconds longer, each time the data is exhausted.

## Before -> after

Set ``sampler=dict(type='InfiniteSampler', shuffle=True)`` for the train dataloader.

## Fix safety

There is no automatic fix: another sampler draws the samples in another order.

## Source in mmengine

mmengine/runner/loops.py, ``_InfiniteDataloaderIterator``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.data import SAMPLER_OF_UNIT
from mmscaffold.facts.loops import LOOP_OF_UNIT
from mmscaffold.facts.units import Unit


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if mmengine's iteration loop gets a sampler that ends."""
    loop = config.upstream_loop
    ends = SAMPLER_OF_UNIT[Unit.EPOCHS]
    sampler = class_name(config.get("train_dataloader.sampler.type"))
    if loop is LOOP_OF_UNIT[Unit.ITERATIONS] and sampler == ends.name:
        yield config.found(
            ("train_dataloader", "sampler", "type"),
            f"{ends.name} ends; the iteration loop restarts it, and its workers, each time",
            f"Use {ends.counterpart}.",
        )


RULE = Rule(
    id="MMS114",
    severity=Severity.INFO,
    check=check,
    valid=[
        Valid(
            """
            train_dataloader = dict(sampler=dict(type='InfiniteSampler'))
            train_cfg = dict(by_epoch=False, max_iters=9)
            """,
        ),
        Valid(
            """
            train_dataloader = dict(sampler=dict(type='DefaultSampler'))
            train_cfg = dict(by_epoch=True, max_epochs=9)
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            train_dataloader = dict(sampler=dict(type='DefaultSampler'))
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=9)
            """,
            at=Spot(1, 43, 59),
            message=(
                "DefaultSampler ends; the iteration loop restarts it, and its workers, each time"
            ),
            after="""
            train_dataloader = dict(sampler=dict(type='InfiniteSampler'))
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=9)
            """,
        ),
    ],
)
