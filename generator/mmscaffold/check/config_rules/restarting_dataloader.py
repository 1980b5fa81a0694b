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


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if mmengine's iteration loop gets a sampler that ends."""
    loop = config.loop
    if loop is None:
        return
    is_iteration_loop = class_name(loop.get("type")) == "IterBasedTrainLoop" or (
        "type" not in loop and loop.get("by_epoch") is False
    )
    sampler = class_name(config.get("train_dataloader.sampler.type"))
    if is_iteration_loop and sampler == "DefaultSampler":
        yield config.found(
            ("train_dataloader", "sampler", "type"),
            "DefaultSampler ends; the iteration loop restarts it, and its workers, each time",
            "Use InfiniteSampler.",
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
