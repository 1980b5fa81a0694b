"""A key looks like one that is known, and nothing reads it.

At the top level, keys are looked at that are one letter away from one of the Runner's; a variable
that the file itself reads is not a finding. Within the config, those of ``paramwise_cfg`` and of
its ``custom_keys``, where mmengine's own constructor reads them, and those of ``filter_cfg`` of
data sets of mmdet.

## Why it matters

The Runner takes the keys that it knows from the config and silently ignores the rest:
``models = dict(...)`` or ``train_dataloder = dict(...)`` changes nothing. It is the same with
``paramwise_cfg=dict(norm_decay_multi=0)``: norms are decayed as all else.

## Symptoms

None in the log about the key. The setting has no effect, or the Runner misses the one that was
intended (``KeyError: 'model'``).

## Before -> after

Correct the name.

## Fix safety

There is no automatic fix: the name may be that of a variable which another file reads.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.from_cfg``; mmengine/optim/optimizer/default_constructor.py;
mmdet/datasets/coco.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_names import ConfigNames
from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.data_sets import data_sets
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.facts.data import FILTER_KEYS
from mmscaffold.facts.optimizers import CUSTOM_KEYS, GROUPING_CONSTRUCTOR, PARAMWISE_KEYS
from mmscaffold.facts.runner import KNOWN_KEYS, MODES


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

    for path, meant in _misspelt_within(config):
        holder = next(key for key in reversed(path[:-1]) if key in _HOLDERS)
        yield config.found(
            path,
            f"nothing reads the key {path[-1]} of {holder}; it looks like {meant}",
            f"Write {meant}.",
        )


_HOLDERS = ("custom_keys", "paramwise_cfg", "filter_cfg")
# How alike two names must be, for difflib: `norm_decay_multi` and `norm_decay_mult` are.
_ALIKE = 0.8


def _misspelt_within(config: ConfigView) -> Iterator[tuple[KeyPath, str]]:
    """Keys of dicts of which it is known what reads them, with what each looks like."""
    if config.is_legacy:
        return
    wrapper = config.get("optim_wrapper")
    if isinstance(wrapper, Mapping) and "optimizer" in wrapper:
        constructor = class_name(wrapper.get("constructor", GROUPING_CONSTRUCTOR))
        if constructor == GROUPING_CONSTRUCTOR and not config.is_own(constructor):
            path: KeyPath = ("optim_wrapper", "paramwise_cfg")
            given = wrapper.get("paramwise_cfg")
            yield from _misspelt(path, given, PARAMWISE_KEYS)
            custom = given.get("custom_keys") if isinstance(given, Mapping) else None
            for key, value in custom.items() if isinstance(custom, Mapping) else ():
                yield from _misspelt((*path, "custom_keys", key), value, CUSTOM_KEYS)
    for mode in MODES:
        for part in data_sets(config, mode) if f"{mode}_dataloader" in config.root else ():
            classes = config.find(part).classes
            is_of_mmdet = all(one.dotted.startswith("mmdet.datasets.") for one in classes)
            if classes and is_of_mmdet and not config.is_own(part.bare):
                place = (*part.path, "filter_cfg")
                yield from _misspelt(place, part.values.get("filter_cfg"), FILTER_KEYS)


def _misspelt(path: KeyPath, values: Any, known: frozenset[str]) -> Iterator[tuple[KeyPath, str]]:
    for key in values if isinstance(values, Mapping) else ():
        if isinstance(key, str) and key not in known:
            import difflib

            near = difflib.get_close_matches(key, known, n=1, cutoff=_ALIKE)
            if near:
                yield (*path, key), near[0]


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
        Valid(
            """
            default_scope = 'mmdet'
            optim_wrapper = dict(
                optimizer=dict(type='AdamW', lr=0.1),
                paramwise_cfg=dict(norm_decay_mult=0, custom_keys={'neck': dict(eps=0.1)}),
            )
            train_dataloader = dict(
                dataset=dict(type='CocoDataset', filter_cfg=dict(min_size=3, max_size=9))
            )
            """,
            because="The eps of a group is the optimizer's; max_size is no slip of the pen.",
        ),
        Valid(
            """
            optim_wrapper = dict(
                constructor='OwnConstructor',
                optimizer=dict(type='AdamW', lr=0.1),
                paramwise_cfg=dict(bias_decay_mults=[0, 1]),
            )
            """,
            because="That one reads what it likes.",
        ),
    ],
    invalid=[
        Invalid(
            """
            default_scope = 'mmdet'
            optim_wrapper = dict(
                optimizer=dict(type='AdamW', lr=0.1),
                paramwise_cfg=dict(
                    norm_decay_multi=0, custom_keys={'backbone': dict(lr_mul=0.1)}
                ),
            )
            train_dataloader = dict(
                dataset=dict(type='CocoDataset', filter_cfg=dict(filter_empty=True))
            )
            """,
            at=Spot(5, 26, 27),
            message=(
                "nothing reads the key norm_decay_multi of paramwise_cfg; it looks like "
                "norm_decay_mult"
            ),
            also=[
                ExampleFinding(
                    Spot(5, 66, 69),
                    "nothing reads the key lr_mul of custom_keys; it looks like lr_mult",
                ),
                ExampleFinding(
                    Spot(9, 67, 71),
                    "nothing reads the key filter_empty of filter_cfg; it looks like "
                    "filter_empty_gt",
                ),
            ],
        ),
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
