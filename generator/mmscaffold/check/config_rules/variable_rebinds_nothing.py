"""A child reassigns a variable of its base, and nothing follows it.

## Why it matters

Each file of a ``_base_`` chain is run on its own, bases first. When the child says
``max_epochs = 36``, what the base computed from its own ``max_epochs`` has already been computed:
the schedule, the pipeline or the path stays that of the base, and only the unused variable
changes. The same holds for ``train_pipeline`` and the like.

## Symptoms

The log counts up to the length of the base, or the config that mmengine prints at the start has
the old pipeline in its dataloader.

## Before -> after

Override the keys that the Runner reads, as ``train_cfg = dict(max_epochs=36)`` or
``train_dataloader = dict(dataset=dict(pipeline=train_pipeline))``;
``mmscaffold migrate --max-epochs N`` does so for the length.

## Fix safety

There is no automatic fix: the variable may be there for what inherits from this config.

## Source in mmengine

mmengine/config/config.py, ``Config._file2dict``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity, at
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.check.variables import idle_rebindings
from mmscaffold.config.key_path import format_key_path


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such variable."""
    for one in idle_rebindings(config):
        yield at(
            one.origin,
            f"{one.name} is set here, but nothing in this file reads it; "
            f"{format_key_path(one.used)} still has what {one.old.where} made of the old value",
            f"Override {format_key_path(one.used)} itself.",
        )


RULE = Rule(
    id="MMS120",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            {
                "config.py": """
                _base_ = './base.py'
                max_epochs = 36
                train_cfg = dict(max_epochs=max_epochs)
                """,
                "base.py": """
                max_epochs = 12
                train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
                """,
            },
        ),
        Valid(
            {
                "config.py": """
                _base_ = './base.py'
                max_epochs = 36
                train_cfg = dict(max_epochs=36)
                """,
                "base.py": """
                max_epochs = 12
                train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
                """,
            },
            because="Nothing of the old value is left.",
        ),
        Valid(
            {
                "config.py": """
                _base_ = './base.py'
                max_epochs = 12
                """,
                "base.py": """
                max_epochs = 12
                train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
                """,
            },
        ),
        Valid(
            {
                "config.py": """
                _base_ = './base.py'
                size = 512
                pipeline = [dict(scale=size)]
                """,
                "base.py": """
                pipeline = [dict(scale=512)]
                train_dataloader = dict(dataset=dict(pipeline=pipeline))
                """,
            },
            because="The values are equal.",
        ),
        Valid(
            {
                "config.py": """
                _base_ = './base.py'
                num_things = 80
                num_classes = num_things + 53
                """,
                "base.py": """
                num_things = 80
                num_classes = num_things + 53
                model = dict(bbox_head=dict(class_weight=[1.0] * num_classes))
                """,
            },
        ),
        Valid(
            {
                "config.py": """
                _base_ = './base.py'
                note = 'b'
                """,
                "base.py": "note = 'a'",
            },
            because="The base does nothing with it.",
        ),
    ],
    invalid=[
        Invalid(
            {
                "config.py": """
                _base_ = './base.py'
                num_things = 6
                num_classes = num_things + 53
                """,
                "base.py": """
                num_things = 80
                num_classes = num_things + 53
                model = dict(bbox_head=dict(class_weight=[1.0] * num_classes))
                """,
            },
            at=Spot(3, 15, 30),
            message=(
                "num_classes is set here, but nothing in this file reads it; "
                "model.bbox_head.class_weight still has what base.py:3:42 made of the old value"
            ),
            because="The expression is that of the base, and another number.",
        ),
        Invalid(
            {
                "config.py": """
                _base_ = './base.py'
                max_epochs = 36
                """,
                "base.py": """
                max_epochs = 12
                train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
                """,
            },
            at=Spot(2, 14, 16),
            message=(
                "max_epochs is set here, but nothing in this file reads it; "
                "train_cfg.max_epochs still has what base.py:2:44 made of the old value"
            ),
            after={
                "config.py": """
                _base_ = './base.py'
                train_cfg = dict(max_epochs=36)
                """,
            },
        ),
        Invalid(
            {
                "config.py": """
                _base_ = './base.py'
                max_epochs = 36
                train_cfg = dict(max_epochs=36)
                """,
                "base.py": """
                max_epochs = 12
                train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
                param_scheduler = dict(type='CosineAnnealingLR', end=max_epochs - 2)
                """,
            },
            at=Spot(2, 14, 16),
            message=(
                "max_epochs is set here, but nothing in this file reads it; param_scheduler.end "
                "still has what base.py:3:54 made of the old value"
            ),
        ),
        Invalid(
            {
                "config.py": """
                _base_ = './base.py'
                train_pipeline = [dict(type='LoadImageFromFile')]
                """,
                "base.py": """
                train_pipeline = []
                train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
                """,
            },
            at=Spot(2, 18, 50),
            message=(
                "train_pipeline is set here, but nothing in this file reads it; "
                "train_dataloader.dataset.pipeline still has what base.py:2:47 made of the old "
                "value"
            ),
        ),
    ],
)
