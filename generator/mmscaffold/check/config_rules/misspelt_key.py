"""A top-level key is one letter away from one that is known, and nothing reads it.

A variable that the file itself reads is not a finding.

## Why it matters

The Runner takes the keys that it knows from the config and silently ignores the rest:
``models = dict(...)`` or ``train_dataloder = dict(...)`` changes nothing.

## Symptoms

None in the log about the key. The setting has no effect, or the Runner misses the one that was
intended (``KeyError: 'model'``).

## Before -> after

Correct the name.

## Fix safety

There is no automatic fix: the name may be that of a variable which another file reads.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.from_cfg``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_names import ConfigNames
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.facts.runner import KNOWN_KEYS


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such key that the file itself sets."""
    for key, meant in _near_misses(config):
        parsed = config.config.parsed
        if isinstance(parsed, ParsedSource) and key in ConfigNames.of(parsed).read:
            continue
        if key in config.root:
            yield config.found(
                (key,),
                f"nothing reads the key {key}; {meant} is one letter away",
                f"Write {meant}, or give the variable a name that cannot be mistaken.",
            )


def _near_misses(config: ConfigView) -> Iterator[tuple[str, str]]:
    for key in config.config.own:
        if not isinstance(key, str) or key in KNOWN_KEYS or len(key) <= _SHORTEST:
            continue
        for known in _BY_LENGTH.get(len(key), ()):
            # `_test_dataloader` is a part that is switched off.
            if is_one_letter_away(key, known) and key.strip("_") != known:
                yield key, known
                break


_SHORTEST = 4
# The known keys that a name of some length could stand for.
_BY_LENGTH: dict[int, list[str]] = {}
for _known in sorted(KNOWN_KEYS):
    for _length in (len(_known) - 1, len(_known), len(_known) + 1):
        _BY_LENGTH.setdefault(_length, []).append(_known)


def is_one_letter_away(one: str, other: str) -> bool:
    """Whether a letter too much, too few, wrong, or two swapped, make one the other."""
    shorter, longer = sorted((one, other), key=len)
    start = 0
    while start < len(shorter) and shorter[start] == longer[start]:
        start += 1
    rest, rest_of_longer = shorter[start:], longer[start:]
    if len(shorter) != len(longer):
        return rest == rest_of_longer[1:]
    swapped = rest[1::-1] + rest[2:]
    return rest[1:] == rest_of_longer[1:] or swapped == rest_of_longer


RULE = Rule(
    id="MMS124",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            "model = dict(type='RetinaNet')",
        ),
        Valid(
            """
            models = ['a', 'b']
            model = dict(type='Ensemble', parts=models)
            """,
            because="It is a variable.",
        ),
        Valid(
            "class_names = 3",
        ),
    ],
    invalid=[
        Invalid(
            "models = dict(type='RetinaNet')",
            at=Spot(1, 10, 32),
            message="nothing reads the key models; model is one letter away",
            after="model = dict(type='RetinaNet')",
        ),
        Invalid(
            "train_dataloder = dict(batch_size=2)",
            at=Spot(1, 19, 37),
            message="nothing reads the key train_dataloder; train_dataloader is one letter away",
        ),
        Invalid(
            "val_evalautor = dict(type='CocoMetric')",
            at=Spot(1, 17, 40),
            message="nothing reads the key val_evalautor; val_evaluator is one letter away",
        ),
        Invalid(
            "custom_hook = [dict(type='EMAHook')]",
            at=Spot(1, 15, 37),
            message="nothing reads the key custom_hook; custom_hooks is one letter away",
        ),
    ],
)
