"""A scheduler has no ``type``.

## Why it matters

The Runner builds each entry of ``param_scheduler`` from its registry, and cannot without a
``type``. Often the key was lost when ``_delete_=True`` came into an override, or a list was
replaced by one that continues that of the base.

## Symptoms

``KeyError: '`cfg` or `default_args` must contain the key "type"'`` while the Runner builds the
schedulers.

## Before -> after

Write ``type='MultiStepLR'``, or whatever scheduler is meant.

## Fix safety

There is no automatic fix: which scheduler is intended cannot be known.

## Source in mmengine

mmengine/registry/build_functions.py, ``build_scheduler_from_cfg``; mmengine/runner/runner.py,
``Runner.build_param_scheduler``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.key_path import KeyPath


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such scheduler."""
    if not config.is_runnable or config.is_legacy:
        return
    for path, _ in _without_type(config.root.get("param_scheduler"), ("param_scheduler",)):
        yield config.found(
            path,
            "this scheduler has no type; the Runner cannot build it",
            "Add type='...': a scheduler of mmengine, such as MultiStepLR.",
        )


def _without_type(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    if isinstance(value, list | tuple):
        for index, one in enumerate(value):
            if isinstance(one, Mapping):
                yield from _one((*path, index), one)
    elif isinstance(value, Mapping) and "type" not in value:
        parts = [*value.values()]
        if parts and all(isinstance(one, Mapping | list | tuple | Unknown) for one in parts):
            # One for each optimizer.
            for key, one in value.items():
                if isinstance(one, Mapping):
                    yield from _one((*path, key), one)
                else:
                    yield from _without_type(one, (*path, key))
        elif parts:
            yield path, value


def _one(path: KeyPath, value: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    if "type" not in value and not any(isinstance(key, Unknown) for key in value):
        yield path, value


RULE = Rule(
    id="MMS138",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            model = dict(type='Own')
            train_dataloader = dict(batch_size=2)
            param_scheduler = [dict(type='MultiStepLR', milestones=[8, 11])]
            """,
        ),
        Valid(
            """
            model = dict(type='Own')
            train_dataloader = dict(batch_size=2)
            param_scheduler = dict(
                generator=dict(type='MultiStepLR', milestones=[8, 11]),
                discriminator=[dict(type='MultiStepLR', milestones=[8, 11])])
            """,
            because="One for each optimizer.",
        ),
        Valid(
            "param_scheduler = [dict(milestones=[8, 11])]",
            because="A part of configs, to be merged over.",
        ),
    ],
    invalid=[
        Invalid(
            """
            model = dict(type='Own')
            train_dataloader = dict(batch_size=2)
            param_scheduler = [
                dict(type='LinearLR', start_factor=0.1, begin=0, end=1),
                dict(milestones=[8, 11]),
            ]
            """,
            at=Spot(5, 5, 29),
            message="this scheduler has no type; the Runner cannot build it",
            after="""
            model = dict(type='Own')
            train_dataloader = dict(batch_size=2)
            param_scheduler = [
                dict(type='LinearLR', start_factor=0.1, begin=0, end=1),
                dict(type='MultiStepLR', milestones=[8, 11]),
            ]
            """,
        ),
        Invalid(
            """
            model = dict(type='Own')
            train_dataloader = dict(batch_size=2)
            param_scheduler = dict(milestones=[8, 11], gamma=0.1)
            """,
            at=Spot(3, 19, 54),
            message="this scheduler has no type; the Runner cannot build it",
        ),
    ],
)
