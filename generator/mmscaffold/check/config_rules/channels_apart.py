"""A neck expects other channels than its backbone gives.

The backbones of mmdet that are looked at are ``ResNet``, ``ResNetV1d``, ``ResNeXt``,
``SwinTransformer``, ``CSPDarknet`` and ``CSPNeXt``; the necks ``FPN`` with its relatives,
``ChannelMapper``, ``YOLOXPAFPN`` and ``CSPNeXtPAFPN``. Levels before
``start_level`` have no layer, and any channels. A detector of the project is looked at where its
code does not touch the backbone or the neck.

## Why it matters

A smaller or another backbone has other widths: ``ResNet`` of depth 18 or 34 gives 64 to 512
channels, of depth 50 and more 256 to 2048; ``SwinTransformer`` 96 to 768; those of ``CSPNeXt``
follow its ``widen_factor``. The model is built, and fails at the first batch.

## Symptoms

``RuntimeError: Given groups=1, weight of size [256, 256, 1, 1], expected input[...] to have 256
channels, but got 64 channels instead``; an ``AssertionError`` where their number differs.

## Before -> after

Write into ``in_channels`` of the neck what the backbone gives.

## Fix safety

There is no automatic fix: the backbone may be the one that is wrong.

## Source in mmengine

mmdet/models/backbones/resnet.py and mmdet/models/backbones/swin.py; mmdet/models/necks/fpn.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.feature_path import is_unbroken
from mmscaffold.check.nearest import nearest
from mmscaffold.check.parts import Part
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.backbones import (
    BACKBONES,
    FIRST_LEVEL,
    LAST_LEVEL,
    NECKS,
    WIDTH_ARGUMENTS,
)


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each neck that does not fit."""
    if config.is_legacy:
        return
    necks = [part for part in config.parts_below("model") if part.path[-1] == "neck"]
    parts = {part.path: part for part in config.parts_below("model")} if necks else {}
    for neck in necks:
        path = neck.path
        backbone, detector = parts.get((*path[:-1], "backbone")), parts.get(path[:-1])
        if backbone is None or detector is None:
            continue
        taken, given = _numbers(neck.values.get("in_channels")), _given(config, backbone)
        first = neck.values.get(FIRST_LEVEL, 0)
        if len(taken) == len(given) and taken == given:
            continue
        is_known = _dotted(config, neck) <= NECKS and LAST_LEVEL not in neck.values
        if not taken or not given or not is_known or not is_number(first) or first < 0:
            continue
        fits = len(taken) == len(given) and taken[first:] == given[first:]
        if not fits and is_unbroken(config, detector):
            yield _finding(config, path, neck, taken, backbone, given)


def _finding(
    config: ConfigView,
    path: KeyPath,
    neck: Part,
    taken: tuple[int, ...],
    backbone: Part,
    given: tuple[int, ...],
) -> Diagnostic:
    return config.found(
        _place(config, path, backbone),
        f"{neck.bare} expects {list(taken)} channels, and {backbone.bare} gives {list(given)}",
        f"Write in_channels={list(given)} in the neck, or correct the backbone.",
    )


def _place(config: ConfigView, path: KeyPath, backbone: Part) -> KeyPath:
    """Where the fault is: at the neck, unless a file nearer to the config has the backbone."""
    keys = [key for key in ("type", *WIDTH_ARGUMENTS) if key in backbone.values]
    return nearest(config, [(*path, "in_channels"), *((*backbone.path, key) for key in keys)])


def _given(config: ConfigView, backbone: Part) -> tuple[int, ...]:
    """The channels that a backbone gives; none if that is not known."""
    rows = {one: BACKBONES.get(one) for one in _dotted(config, backbone)}
    # Releases of one class are the same there.
    row = next(iter(rows.values()), None)
    if row is None or any(one != row for one in rows.values()):
        return ()
    values: Mapping[str, Any] = backbone.values
    # In whatever order they are written, they are given from the first to the last.
    stages = sorted(set(_numbers(values.get("out_indices", row.out_indices))))
    widths = [row.width(stage, values) for stage in stages if stage >= 0]
    known = tuple(one for one in widths if one is not None)
    return known if len(known) == len(stages) else ()


def _dotted(config: ConfigView, part: Part) -> frozenset[str]:
    """The classes that a part may be, by where they are defined; of the project's own, none."""
    if config.is_own(part.bare):
        return frozenset({""})
    return frozenset(one.dotted for one in config.find(part).classes) or frozenset({""})


def _numbers(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or not all(is_number(one) for one in value):
        return ()
    return tuple(value)


RULE = Rule(
    id="MMS162",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='YOLOX',
                backbone=dict(type='CSPDarknet', deepen_factor=0.33, widen_factor=0.375),
                neck=dict(type='YOLOXPAFPN', in_channels=[96, 192, 384], out_channels=96),
            )
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                backbone=dict(type='ResNet', depth=18),
                neck=dict(type='FPN', in_channels=[64, 128, 256, 512]),
            )
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                backbone=dict(type='SwinTransformer', embed_dims=128, out_indices=(1, 2, 3)),
                neck=dict(type='FPN', in_channels=[1, 512, 1024], start_level=1),
            )
            """,
            because="The level before start_level has no layer.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                backbone=dict(type='mmpretrain.ResNet', depth=18),
                neck=dict(type='FPN', in_channels=[256, 512, 1024, 2048]),
            )
            """,
            because="That one gives the last stage alone, unless it is told otherwise.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                backbone=dict(type='ResNet', depth=50, out_indices=(3, 2, 1)),
                neck=dict(type='FPN', in_channels=[512, 1024, 2048]),
            )
            """,
            because="The stages are given from the first to the last.",
        ),
        Valid(
            {
                "config.py": """
                default_scope = 'mmdet'
                custom_imports = dict(imports=['own_detectors'])
                model = dict(
                    type='TwiceAsWide',
                    backbone=dict(type='ResNet', depth=50),
                    neck=dict(type='FPN', in_channels=[512, 1024, 2048, 4096]),
                )
                """,
                "own_detectors.py": """
                import torch
                from mmdet.models.detectors import RetinaNet
                from mmdet.registry import MODELS


                @MODELS.register_module()
                class TwiceAsWide(RetinaNet):
                    def extract_feat(self, batch_inputs):
                        levels = self.backbone(batch_inputs)
                        return self.neck([torch.cat([one, one], 1) for one in levels])
                """,
            },
            because="The project's own detector has something between the two.",
        ),
    ],
    invalid=[
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RTMDet',
                backbone=dict(type='CSPNeXt', deepen_factor=0.167, widen_factor=0.25),
                neck=dict(type='CSPNeXtPAFPN', in_channels=[256, 512, 1024], out_channels=64),
            )
            """,
            at=Spot(5, 48, 64),
            message=(
                "CSPNeXtPAFPN expects [256, 512, 1024] channels, and CSPNeXt gives [64, 128, 256]"
            ),
            after="""
            default_scope = 'mmdet'
            model = dict(
                type='RTMDet',
                backbone=dict(type='CSPNeXt', deepen_factor=0.167, widen_factor=0.25),
                neck=dict(type='CSPNeXtPAFPN', in_channels=[64, 128, 256], out_channels=64),
            )
            """,
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                backbone=dict(type='ResNet', depth=18),
                neck=dict(type='FPN', in_channels=[256, 512, 1024, 2048]),
            )
            """,
            at=Spot(5, 39, 61),
            message=(
                "FPN expects [256, 512, 1024, 2048] channels, and ResNet gives [64, 128, 256, 512]"
            ),
            after="""
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                backbone=dict(type='ResNet', depth=18),
                neck=dict(type='FPN', in_channels=[64, 128, 256, 512]),
            )
            """,
        ),
        Invalid(
            {
                "config.py": """
                _base_ = './base.py'
                model = dict(
                    backbone=dict(_delete_=True, type='SwinTransformer', out_indices=(1, 2, 3))
                )
                """,
                "base.py": """
                default_scope = 'mmdet'
                model = dict(
                    type='DINO',
                    backbone=dict(type='ResNet', depth=50, out_indices=(1, 2, 3)),
                    neck=dict(type='ChannelMapper', in_channels=[512, 1024, 2048]),
                )
                """,
            },
            at=Spot(3, 39, 56),
            message=(
                "ChannelMapper expects [512, 1024, 2048] channels, and SwinTransformer gives "
                "[192, 384, 768]"
            ),
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                backbone=dict(type='ResNet', depth=50, out_indices=(3, 2, 1)),
                neck=dict(type='FPN', in_channels=[2048, 1024, 512]),
            )
            """,
            at=Spot(5, 39, 56),
            message="FPN expects [2048, 1024, 512] channels, and ResNet gives [512, 1024, 2048]",
            because="The stages are given from the first to the last.",
        ),
        Invalid(
            {
                "config.py": """
                default_scope = 'mmdet'
                custom_imports = dict(imports=['own_detectors'])
                model = dict(
                    type='OwnRetinaNet',
                    backbone=dict(type='ResNet', depth=18),
                    neck=dict(type='FPN', in_channels=[256, 512, 1024, 2048]),
                )
                """,
                "own_detectors.py": """
                from mmdet.models.detectors import RetinaNet
                from mmdet.registry import MODELS


                @MODELS.register_module()
                class OwnRetinaNet(RetinaNet):
                    def predict(self, batch_inputs, batch_data_samples, rescale=True):
                        return super().predict(batch_inputs, batch_data_samples, rescale=False)
                """,
            },
            at=Spot(6, 39, 61),
            message=(
                "FPN expects [256, 512, 1024, 2048] channels, and ResNet gives [64, 128, 256, 512]"
            ),
        ),
    ],
)
