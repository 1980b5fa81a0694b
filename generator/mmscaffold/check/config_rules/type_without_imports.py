"""The config names a class that mmengine and mmdet do not have, and imports nothing.

## Why it matters

Without ``custom_imports`` only a training script of the project can have imported the module
that registers the class. Under the stock ``tools/train.py`` it cannot be built.

## Symptoms

``KeyError: '... is not in the mmengine::loop registry'`` when the part is built.

## Before -> after

Write ``custom_imports = dict(imports=['my_project'], allow_failed_imports=False)``; or the dotted
path, ``type='my_project.engine.MyLoop'``, which needs no import; or correct the name.

## Fix safety

There is no automatic fix: which module registers the class cannot be known.

## Source in mmengine

mmengine/registry/build_functions.py, ``build_from_cfg``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_types import close_name, unknown_parts, unknown_types
from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.legacy import LEGACY_OPTIMIZER_HOOKS


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such class."""
    if not config.is_runnable or "custom_imports" in config.root:
        return
    for one in unknown_types(config):
        if class_name(one.name) in LEGACY_OPTIMIZER_HOOKS:
            # MMS148 tells what takes its place.
            continue
        yield config.found(
            one.path,
            f"neither mmengine nor mmdet has {one.name!r} in {one.registry}, and the config has "
            "no custom_imports",
            _advice(close_name(config, config.scope or "", one.registry, one.name)),
        )
    for part, scope in unknown_parts(config):
        # MMS139 tells the others.
        surely = (
            close_name(config, scope, part.registry, part.name) or config.find(part).registries
        )
        if surely or "." in part.name:
            continue
        where = part.registry or "any registry"
        yield config.found(
            part.named_at,
            f"neither mmengine nor {scope} has {part.name!r} in {where}, and the config has no "
            "custom_imports"
            if scope != "mmengine"
            else f"mmengine has no {part.name!r} in {where}, and the config has no custom_imports",
            _advice(None),
        )


def _advice(near: str | None) -> str:
    if near is not None:
        return f"Did you mean {near!r}? Else import the module that registers it."
    return "Import the module that registers it with custom_imports, or correct the name."


RULE = Rule(
    id="MMS129",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            custom_hooks = [dict(type='GradientCumulativeOptimizerHook', cumulative_iters=4)]
            """,
            because="MMS148 tells what takes the place of a hook of mmcv 1.x.",
        ),
        Valid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(type='mmengine.EpochBasedTrainLoop', max_epochs=1)
            """,
        ),
        Valid(
            """
            model = dict(type='YOLODetector')
            train_dataloader = dict()
            default_scope = 'mmyolo'
            custom_hooks = [dict(type='YOLOv5ParamSchedulerHook')]
            """,
        ),
        Valid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            custom_hooks = [dict(type='mmpretrain.SwAVHook')]
            """,
        ),
        Valid(
            "train_cfg = dict(type='OwnLoop', max_epochs=1)",
            because="It is only a part of a config.",
        ),
    ],
    invalid=[
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(type='OwnLoop', max_epochs=1)
            """,
            at=Spot(3, 23, 32),
            message=(
                "neither mmengine nor mmdet has 'OwnLoop' in LOOPS, and the config has no "
                "custom_imports"
            ),
            after="""
            custom_imports = dict(imports=['own_loops'])
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(type='OwnLoop', max_epochs=1)
            """,
        ),
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            runner_type = 'OwnRunner'
            """,
            at=Spot(3, 15, 26),
            message=(
                "neither mmengine nor mmdet has 'OwnRunner' in RUNNERS, and the config has no "
                "custom_imports"
            ),
        ),
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            custom_hooks = [dict(type='EMAHok')]
            """,
            at=Spot(3, 27, 35),
            message=(
                "neither mmengine nor mmdet has 'EMAHok' in HOOKS, and the config has no "
                "custom_imports"
            ),
        ),
    ],
)
