"""A value is of another kind than mmengine takes there: a dict for a list, or a string for a dict.

``custom_hooks`` is a list of dicts, ``default_hooks`` a dict of them; ``custom_imports`` is a dict
with ``imports``; a dataloader has one ``dataset``; a data set that is built by mmengine's
constructor has dicts for ``data_prefix`` and ``metainfo``, and a list for ``pipeline``.

## Why it matters

Some of these are forms of MMDetection 2.x: a list of data sets was joined, and ``img_prefix`` was
a string. mmengine refuses them, or takes the dicts of the list for samples.

## Symptoms

``TypeError: hook should be an instance of Hook or dict, but got <class 'str'>``,
``AttributeError: 'str' object has no attribute 'items'``, ``TypeError: ... argument after ** must
be a mapping``; or errors of the model at the first batch.

## Before -> after

Write ``custom_hooks=[dict(type='EMAHook')]``, ``data_prefix=dict(img='train/')``,
``custom_imports=dict(imports=['my_project'])``, ``dataset=dict(type='ConcatDataset',
datasets=[...])``.

## Fix safety

There is no automatic fix: what is meant may be another key.

## Source in mmengine

mmengine/runner/runner.py, ``register_default_hooks``, ``register_custom_hooks`` and
``build_dataloader``; mmengine/config/config.py, ``Config.fromfile``;
mmengine/dataset/base_dataset.py, ``BaseDataset``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.argument_taker import takers
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.parts import Part
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import MODES

# mmengine/utils/misc.py, import_modules_from_strings
_OF_IMPORTS = frozenset({"imports", "allow_failed_imports"})
_BASE_DATASET = "mmengine.dataset.base_dataset.BaseDataset"
_LISTS = (list, tuple)


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such value."""
    if config.is_legacy:
        return
    yield from _imports(config)
    yield from _hooks(config)
    for mode in MODES:
        several = config.get(f"{mode}_dataloader.dataset")
        if isinstance(several, _LISTS) and any(isinstance(one, Mapping) for one in several):
            yield config.found(
                (f"{mode}_dataloader", "dataset"),
                "dataset is a list: its dicts are taken for samples, not built",
                "Write dataset=dict(type='ConcatDataset', datasets=[...]).",
            )
    for part in config.parts:
        if part.registry == "DATASETS":
            yield from _data_set(config, part)


def _imports(config: ConfigView) -> Iterator[Diagnostic]:
    imports = config.get("custom_imports")
    hint = "Write custom_imports=dict(imports=['my_project']), with the names of modules."
    if isinstance(imports, str | list | tuple) and imports:
        kind = type(imports).__name__
        yield config.found("custom_imports", f"custom_imports is a {kind}, not a dict", hint)
    elif isinstance(imports, Mapping):
        for key in imports:
            if isinstance(key, str) and key not in _OF_IMPORTS:
                yield config.found(
                    ("custom_imports", key),
                    f"custom_imports takes no {key!r}: it is a TypeError",
                    hint,
                )


def _hooks(config: ConfigView) -> Iterator[Diagnostic]:
    custom, default = config.get("custom_hooks"), config.get("default_hooks")
    hint = "Write custom_hooks=[dict(type='...')]."
    if isinstance(custom, Mapping) and custom:
        yield config.found(
            "custom_hooks", "custom_hooks is a dict: the Runner takes its keys for hooks", hint
        )
    elif isinstance(custom, _LISTS):
        for index, one in enumerate(custom):
            if isinstance(one, str):
                yield config.found(
                    ("custom_hooks", index), f"{one!r} is a string; the Runner takes a dict", hint
                )
    if isinstance(default, _LISTS):
        yield config.found(
            "default_hooks",
            "default_hooks is a list; the Runner takes a dict of names and hooks",
            "Write custom_hooks=[...], or default_hooks=dict(checkpoint=dict(...)).",
        )


def _data_set(config: ConfigView, part: Part) -> Iterator[Diagnostic]:
    values = part.values
    for key, is_wrong, what in (
        ("data_prefix", isinstance(values.get("data_prefix"), str), "a string, not a dict"),
        ("metainfo", isinstance(values.get("metainfo"), (str, *_LISTS)), "not a dict"),
        ("pipeline", isinstance(values.get("pipeline"), Mapping), "a dict, not a list"),
    ):
        if is_wrong and takers(config, part, key) == {_BASE_DATASET}:
            yield config.found(
                (*part.path, key),
                f"{key} of {part.bare} is {what}; it cannot be built with it",
                _advice(key, values[key]),
            )


def _advice(key: str, value: Any) -> str:
    if key == "data_prefix":
        return f"Write data_prefix=dict(img={value!r}), or the key that the data set reads."
    if key == "metainfo":
        return "Write metainfo=dict(classes=...)."
    return "Write pipeline=[dict(...)]."


RULE = Rule(
    id="MMS161",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            custom_imports = dict(imports=['json'], allow_failed_imports=False)
            custom_hooks = (dict(type='EMAHook'),)
            default_hooks = dict(timer=None)
            train_dataloader = dict(
                dataset=dict(
                    type='CocoDataset',
                    data_prefix=dict(img='train/'),
                    metainfo=dict(classes=('ship',)),
                    pipeline=[],
                )
            )
            """,
        ),
        Valid(
            """
            custom_hooks = None
            train_dataloader = dict(
                dataset=dict(type='mmpretrain.ImageNet', data_prefix='train/', pipeline=[])
            )
            val_dataloader = dict(dataset=dict(type='own.Ships', data_prefix='val/'))
            """,
            because="Those make a dict of it themselves, or may.",
        ),
    ],
    invalid=[
        Invalid(
            """
            default_scope = 'mmdet'
            custom_hooks = dict(type='EMAHook')
            train_dataloader = dict(
                dataset=dict(type='CocoDataset', data_prefix='train/', metainfo=('ship',)),
            )
            """,
            at=Spot(2, 16, 36),
            message="custom_hooks is a dict: the Runner takes its keys for hooks",
            also=[
                ExampleFinding(
                    Spot(4, 50, 58),
                    "data_prefix of CocoDataset is a string, not a dict; it cannot be built with "
                    "it",
                ),
                ExampleFinding(
                    Spot(4, 69, 78),
                    "metainfo of CocoDataset is not a dict; it cannot be built with it",
                ),
            ],
            after="""
            default_scope = 'mmdet'
            custom_hooks = [dict(type='EMAHook')]
            train_dataloader = dict(
                dataset=dict(
                    type='CocoDataset',
                    data_prefix=dict(img='train/'),
                    metainfo=dict(classes=('ship',)),
                ),
            )
            """,
        ),
        Invalid(
            """
            custom_imports = ['json']
            default_hooks = [dict(type='EMAHook')]
            train_dataloader = dict(dataset=[dict(type='own.Ships'), dict(type='own.Boats')])
            """,
            at=Spot(1, 18, 26),
            message="custom_imports is a list, not a dict",
            also=[
                ExampleFinding(
                    Spot(2, 17, 39),
                    "default_hooks is a list; the Runner takes a dict of names and hooks",
                ),
                ExampleFinding(
                    Spot(3, 33, 81),
                    "dataset is a list: its dicts are taken for samples, not built",
                ),
            ],
        ),
        Invalid(
            """
            custom_imports = dict(modules=['json'])
            custom_hooks = ['EMAHook']
            val_dataloader = dict(dataset=dict(type='mmdet.VOCDataset', pipeline=dict(type='Pad')))
            """,
            at=Spot(1, 31, 39),
            message="custom_imports takes no 'modules': it is a TypeError",
            also=[
                ExampleFinding(Spot(2, 17, 26), "'EMAHook' is a string; the Runner takes a dict"),
                ExampleFinding(
                    Spot(3, 70, 86),
                    "pipeline of VOCDataset is a dict, not a list; it cannot be built with it",
                ),
            ],
        ),
    ],
)
