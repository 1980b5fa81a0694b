"""A value is the text ``'False'`` or ``'None'``, which counts as true.

## Why it matters

In Python, every text but the empty one is true: ``shuffle='False'`` shuffles, ``resume='False'``
resumes. Such values come from variables of the environment, from YAML and JSON with quotes, and
from other programs that write configs.

## Symptoms

What was switched off is done; or ``ValueError: drop_last should be a boolean value``,
``FileNotFoundError: None can not be found``.

## Before -> after

Write ``False`` or ``None``, without quotes; ``false`` and ``null`` in YAML and JSON.

## Fix safety

There is no automatic fix: a class of the project may read the text.

## Source in mmengine

mmengine/runner/runner.py, ``load_or_resume``, for one: it asks ``if self._resume``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.parts import Part
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.loops import LOOP_KEYS
from mmscaffold.facts.refused_values import TRUE_TEXTS
from mmscaffold.facts.runner import MODES

_SWITCHES = ("resume", "load_from", "find_unused_parameters")
_DICTS = (
    "auto_scale_lr", "randomness", "optim_wrapper", *LOOP_KEYS,
    *(f"{mode}_dataloader" for mode in MODES),
)  # fmt: skip


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such value."""
    if config.is_legacy:
        return
    yield from _texts(config, (), {key: config.get(key) for key in _SWITCHES})
    for key in _DICTS:
        value = config.get(key)
        # What has a type is a part.
        if isinstance(value, Mapping) and "type" not in value:
            yield from _texts(config, (key,), value)
    for part, key in config.seen_in_parts(_misread):
        yield from _texts(config, part.path, {key: part.values[key]})


def _misread(part: Part) -> Iterator[str]:
    for key, value in part.values.items():
        if type(value) is str and value in TRUE_TEXTS:
            yield key


def _texts(config: ConfigView, path: KeyPath, values: Mapping[str, Any]) -> Iterator[Diagnostic]:
    for key, value in values.items():
        if isinstance(value, str) and value in TRUE_TEXTS:
            yield config.found(
                (*path, key),
                f"{key}={value!r} is a text, and counts as true",
                f"Write {TRUE_TEXTS[value]} without quotes.",
            )


RULE = Rule(
    id="MMS168",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            resume = False
            load_from = None
            train_dataloader = dict(
                drop_last=False,
                dataset=dict(type='CocoDataset', metainfo=dict(classes=('None', 'False'))),
            )
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            train_dataloader = dict(sampler=dict(type='DefaultSampler', shuffle='False'))
            """,
            at=Spot(1, 69, 76),
            message="shuffle='False' is a text, and counts as true",
            after="""
            train_dataloader = dict(sampler=dict(type='DefaultSampler', shuffle=False))
            """,
        ),
        Invalid(
            """
            load_from = 'None'
            auto_scale_lr = dict(enable='false', base_batch_size=16)
            """,
            at=Spot(1, 13, 19),
            message="load_from='None' is a text, and counts as true",
            also=[ExampleFinding(Spot(2, 29, 36), "enable='false' is a text, and counts as true")],
        ),
    ],
)
