"""A part that mmengine builds has no ``type``.

The model and its backbone, neck, heads and losses are looked at, data sets and their transforms,
samplers, evaluators, hooks, the optimizer and the visualizer. Schedulers are the business of
MMS138. Parts of classes that are not known are passed over, for they may read a dict themselves.

## Why it matters

mmengine builds a dict from a registry, and cannot without a ``type``. Often the key was lost when
``_delete_=True`` came into an override, or the part was meant to change one of a base that the
config does not inherit: ``default_hooks=dict(checkpoint=dict(interval=5))`` in a config without
``_base_`` replaces the default, it does not change it.

## Symptoms

``KeyError: '`cfg` or `default_args` must contain the key "type"'`` when the part is built.

## Before -> after

Write the ``type``, or inherit it from a base.

## Fix safety

There is no automatic fix: which class is intended cannot be known.

## Source in mmengine

mmengine/registry/build_functions.py, ``build_from_cfg``; mmengine/runner/runner.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.parts import Part
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.hooks import DEFAULT_HOOKS
from mmscaffold.facts.runner import MODES

_Placed = Iterator[tuple[KeyPath, Any]]
# What the classes of the family build of these arguments is always a part.
_OF_MODEL = frozenset(
    {"backbone", "neck", "head", "bbox_head", "mask_head", "rpn_head", "roi_head", "panoptic_head",
     "decode_head", "auxiliary_head", "bbox_roi_extractor", "mask_roi_extractor", "loss_cls",
     "loss_bbox", "loss_mask", "loss_iou", "loss_obj", "loss_dice", "loss_centerness",
     "loss_decode"}
)  # fmt: skip
_OF_DATA = frozenset({"dataset", "datasets", "pipeline"})


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such part."""
    if not config.is_runnable or config.is_legacy:
        return
    for path, value in (*_built(config), *_within_parts(config)):
        if not _lacks_type(value):
            continue
        named = next(str(key) for key in reversed(path) if isinstance(key, str))
        what = named if path[-1] == named else f"an entry of {named}"
        yield config.found(path, f"{what} has no type; it cannot be built", _hint(path))


def _hint(path: KeyPath) -> str:
    usual = DEFAULT_HOOKS.get(str(path[1])) if path[0] == "default_hooks" else None
    if usual is None:
        return "Add type='...': the class to build."
    return f"Add type='{usual['type']}': what is written replaces mmengine's own hook."


def _lacks_type(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and "type" not in value
        and bool(value)
        and not any(isinstance(key, Unknown) for key in value)
    )


def _built(config: ConfigView) -> _Placed:
    """What is built, and by code that is known."""
    root = config.root
    yield ("model",), root.get("model")
    for mode in MODES:
        loader = root.get(f"{mode}_dataloader")
        if isinstance(loader, dict):
            for key in ("dataset", "sampler", "batch_sampler"):
                yield (f"{mode}_dataloader", key), loader.get(key)
        evaluator = root.get(f"{mode}_evaluator")
        if not isinstance(evaluator, dict) or "metrics" not in evaluator:
            yield from _each((f"{mode}_evaluator",), evaluator)
    yield from _each(("custom_hooks",), root.get("custom_hooks"))
    hooks = root.get("default_hooks")
    for key, hook in hooks.items() if isinstance(hooks, dict) else ():
        yield ("default_hooks", key), hook
    wrapper = root.get("optim_wrapper")
    # With a constructor, that reads what it likes.
    if isinstance(wrapper, dict) and "constructor" not in wrapper:
        yield ("optim_wrapper", "optimizer"), wrapper.get("optimizer")
    yield ("visualizer",), root.get("visualizer")


def _within_parts(config: ConfigView) -> _Placed:
    """What parts build of their arguments, where that lacks a type, and their class is known."""
    for part in config.parts:
        if part.registry == "DATASETS":
            built = _OF_DATA
        elif part.path[0] == "model":
            built = _OF_MODEL
        else:
            continue
        # Few lack any, and only then is the class looked up.
        for key in part.values.keys() & built:
            lacking = [
                one for one in _each((*part.path, key), part.values[key]) if _lacks_type(one[1])
            ]
            if lacking and _takes(config, part, key):
                yield from lacking


def _takes(config: ConfigView, part: Part, argument: str) -> bool:
    """Whether the class of a part is known, and takes an argument."""
    if config.is_own(part.bare):
        return False
    constructor = config.family.constructor(config.find(part))
    return constructor is not None and argument in constructor.arguments


def _each(path: KeyPath, value: Any) -> _Placed:
    if isinstance(value, list | tuple):
        for index, one in enumerate(value):
            yield (*path, index), one
    else:
        yield path, value


RULE = Rule(
    id="MMS160",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                data_preprocessor=dict(mean=[0.0], std=[1.0]),
                backbone=dict(type='ResNet', depth=18),
                neck=[dict(type='FPN', in_channels=[512], out_channels=256, num_outs=1)],
                bbox_head=dict(type='RetinaHead', num_classes=3, in_channels=256),
                train_cfg=dict(allowed_border=-1),
            )
            val_dataloader = dict(batch_size=1)
            val_evaluator = dict(metrics=[dict(type='CocoMetric')])
            log_processor = dict(window_size=50)
            """,
            because="The preprocessor, the evaluator and the log processor have a default.",
        ),
        Valid(
            """
            model = dict(type='own.Model', backbone=dict(depth=18))
            train_dataloader = dict(dataset=dict(type='own.Ships', pipeline=[dict(size=3)]))
            optim_wrapper = dict(constructor='OwnConstructor', optimizer=dict(lr=0.1))
            """,
            because="Code of the project may read those dicts itself.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            default_hooks = dict(checkpoint=dict(interval=5))
            """,
            because="It is a part of configs: another one may have the type.",
        ),
    ],
    invalid=[
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                backbone=dict(depth=18),
                neck=dict(type='FPN', in_channels=[512], out_channels=256, num_outs=1),
                bbox_head=dict(
                    type='RetinaHead',
                    num_classes=3,
                    in_channels=256,
                    loss_bbox=dict(loss_weight=2.0),
                ),
            )
            val_dataloader = dict(
                dataset=dict(type='CocoDataset', pipeline=[dict(with_bbox=True)]),
                sampler=dict(shuffle=False),
            )
            val_evaluator = dict(ann_file='a.json')
            default_hooks = dict(checkpoint=dict(interval=5))
            """,
            at=Spot(4, 14, 28),
            message="backbone has no type; it cannot be built",
            also=[
                ExampleFinding(Spot(10, 19, 40), "loss_bbox has no type; it cannot be built"),
                ExampleFinding(
                    Spot(14, 48, 68), "an entry of pipeline has no type; it cannot be built"
                ),
                ExampleFinding(Spot(15, 13, 32), "sampler has no type; it cannot be built"),
                ExampleFinding(Spot(17, 17, 40), "val_evaluator has no type; it cannot be built"),
                ExampleFinding(Spot(18, 33, 49), "checkpoint has no type; it cannot be built"),
            ],
            after="""
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                backbone=dict(type='ResNet', depth=18),
                neck=dict(type='FPN', in_channels=[512], out_channels=256, num_outs=1),
                bbox_head=dict(
                    type='RetinaHead',
                    num_classes=3,
                    in_channels=256,
                    loss_bbox=dict(type='L1Loss', loss_weight=2.0),
                ),
            )
            val_dataloader = dict(
                dataset=dict(
                    type='CocoDataset', pipeline=[dict(type='LoadAnnotations', with_bbox=True)]
                ),
                sampler=dict(type='DefaultSampler', shuffle=False),
            )
            val_evaluator = dict(type='CocoMetric', ann_file='a.json')
            default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=5))
            """,
        ),
    ],
)
