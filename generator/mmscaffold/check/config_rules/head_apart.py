"""A head expects other channels than its neck gives, or another number of levels.

The necks of mmdet that are looked at are ``FPN`` with its relatives, ``ChannelMapper``,
``YOLOXPAFPN`` and ``CSPNeXtPAFPN``, if ``neck`` is one alone; the heads are ``RPNHead`` and those
of the usual detectors of one stage, and ``SingleRoIExtractor``. A detector of the project is
looked at where its code does not touch the backbone or the neck.

## Why it matters

``out_channels`` of the neck stands once more in each head, and its ``num_outs`` in the length of
``strides``. Where only one was changed, the model is built, and fails at the first batch.

## Symptoms

``RuntimeError: Given groups=1, weight of size [256, 256, 3, 3], expected input[...] to have 256
channels, but got 128 channels instead``; ``AssertionError`` in ``grid_priors`` or
``loss_by_feat``.

## Before -> after

Write into ``in_channels`` of the head what ``out_channels`` of the neck says, and as many
``strides`` as ``num_outs``.

## Fix safety

There is no automatic fix: the neck may be the one that is wrong.

## Source in mmengine

mmdet/models/necks/fpn.py; mmdet/models/dense_heads/anchor_head.py and
mmdet/models/dense_heads/anchor_free_head.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.feature_path import is_unbroken
from mmscaffold.check.lineage import exact_row, row_of
from mmscaffold.check.nearest import nearest
from mmscaffold.check.parts import Part
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.backbones import NECKS
from mmscaffold.facts.detectors import DETECTORS, Detector
from mmscaffold.facts.heads import EXTRACTOR, HEADS, WITH_ALL_INPUTS, WITH_NUM_OUTS, Levels

_NECKS = dict.fromkeys(NECKS, True)
_COUNTED_BY = {
    **dict.fromkeys(WITH_NUM_OUTS, "num_outs"),
    **dict.fromkeys(WITH_ALL_INPUTS, "in_channels"),
}
_EXTRACTORS = {EXTRACTOR: True}
_HEADS = ("rpn_head", "bbox_head")
# Their heads take what the neck gives as it is.
_PLAIN = (Detector.TWO_STAGE, Detector.DENSE, Detector.INSTANCES, Detector.PANOPTIC)
_GENERATORS = ("anchor_generator", "prior_generator")


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each head that does not fit."""
    if config.is_legacy:
        return
    necks = [part for part in config.parts_below("model") if part.path[-1] == "neck"]
    parts = {part.path: part for part in config.parts_below("model")} if necks else {}
    for neck in necks:
        model = parts.get(neck.path[:-1])
        if model is None or not _is_plain(config, model) or not exact_row(config, neck, _NECKS):
            continue
        for key in _HEADS:
            head = parts.get((*model.path, key))
            levels = None if head is None else exact_row(config, head, HEADS)
            # Without convolutions, it is the next layer that takes the channels.
            if head is not None and levels is not None and head.values.get("stacked_convs") != 0:
                yield from _channels(config, neck, head, "in_channels")
                yield from _levels(config, neck, head, levels)
        place: KeyPath = (*model.path, "roi_head", "bbox_roi_extractor")
        for path, part in parts.items():
            if path[: len(place)] == place and exact_row(config, part, _EXTRACTORS):
                yield from _channels(config, neck, part, "out_channels")


def _is_plain(config: ConfigView, model: Part) -> bool:
    is_known = config.is_own(model.bare) or row_of(config, model, DETECTORS) in _PLAIN
    return is_known and is_unbroken(config, model)


def _channels(config: ConfigView, neck: Part, head: Part, key: str) -> Iterator[Diagnostic]:
    given, taken = neck.values.get("out_channels"), head.values.get(key)
    if is_number(given) and is_number(taken) and given != taken:
        yield config.found(
            nearest(config, [(*head.path, key), (*neck.path, "out_channels")]),
            f"{head.bare} expects {taken} channels, and {neck.bare} gives {given}",
            f"Write {key}={given} in {head.path[-1]}, or correct the neck."
            if isinstance(head.path[-1], str)
            else f"Write {key}={given} there, or correct the neck.",
        )


def _levels(config: ConfigView, neck: Part, head: Part, levels: Levels) -> Iterator[Diagnostic]:
    counted_by = exact_row(config, neck, _COUNTED_BY)
    given = _count(neck.values.get(counted_by)) if counted_by else None
    key = next((key for key in _GENERATORS if isinstance(head.values.get(key), Mapping)), None)
    path: KeyPath = (*head.path, key, "strides") if key else (*head.path, "strides")
    strides = (head.values[key] if key else head.values).get("strides")
    taken = _count(strides) if isinstance(strides, list | tuple) else None
    if given is None or taken is None or counted_by is None:
        return
    if (levels is Levels.SAME and given != taken) or (levels is Levels.SOME and given < taken):
        yield config.found(
            nearest(config, [path, (*neck.path, counted_by)]),
            f"{head.bare} has strides for {taken} levels, and {neck.bare} gives {given}",
            "Write as many strides as the neck gives levels.",
        )


def _count(value: Any) -> int | None:
    if isinstance(value, list | tuple):
        return len(value)
    return value if is_number(value) else None


RULE = Rule(
    id="MMS167",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='FasterRCNN',
                neck=dict(type='FPN', in_channels=[64, 128, 256], out_channels=64, num_outs=4),
                rpn_head=dict(
                    type='RPNHead',
                    in_channels=64,
                    anchor_generator=dict(type='AnchorGenerator', strides=[4, 8, 16, 32]),
                ),
                roi_head=dict(
                    type='StandardRoIHead',
                    bbox_roi_extractor=dict(
                        type='SingleRoIExtractor', out_channels=64, featmap_strides=[4, 8, 16]
                    ),
                ),
            )
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                neck=[
                    dict(type='FPN', in_channels=[64, 128, 256], out_channels=64, num_outs=4),
                    dict(type='my_project.necks.Widened', out_channels=256),
                ],
                bbox_head=dict(type='RetinaHead', in_channels=256),
            )
            """,
            because="Something follows the first neck.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='FCOS',
                neck=dict(type='FPN', in_channels=[64, 128], out_channels=64, num_outs=6),
                bbox_head=dict(type='FCOSHead', in_channels=64, strides=[8, 16, 32, 64, 128]),
            )
            """,
            because="That head leaves the last level out.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                neck=dict(type='FPN', in_channels=[64, 128], out_channels=64, num_outs=5),
                bbox_head=dict(type='my_project.heads.Reduced', in_channels=256),
            )
            """,
            because="Nothing is known of that head.",
        ),
    ],
    invalid=[
        Invalid(
            {
                "config.py": """
                _base_ = './retinanet.py'
                model = dict(neck=dict(out_channels=128))
                """,
                "retinanet.py": """
                default_scope = 'mmdet'
                model = dict(
                    type='RetinaNet',
                    neck=dict(type='FPN', in_channels=[64, 128], out_channels=256, num_outs=5),
                    bbox_head=dict(type='RetinaHead', num_classes=3, in_channels=256),
                )
                """,
            },
            at=Spot(2, 37, 40),
            message="RetinaHead expects 256 channels, and FPN gives 128",
            after="""
            _base_ = './retinanet.py'
            model = dict(neck=dict(out_channels=128), bbox_head=dict(in_channels=128))
            """,
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='FasterRCNN',
                neck=dict(type='FPN', in_channels=[64, 128, 256], out_channels=64, num_outs=4),
                rpn_head=dict(
                    type='RPNHead',
                    in_channels=64,
                    anchor_generator=dict(type='AnchorGenerator', strides=[4, 8, 16, 32, 64]),
                ),
                roi_head=dict(
                    type='StandardRoIHead',
                    bbox_roi_extractor=dict(
                        type='SingleRoIExtractor', out_channels=256, featmap_strides=[4, 8, 16]
                    ),
                ),
            )
            """,
            at=Spot(8, 63, 81),
            message="RPNHead has strides for 5 levels, and FPN gives 4",
            also=[
                ExampleFinding(
                    Spot(13, 53, 56), "SingleRoIExtractor expects 256 channels, and FPN gives 64"
                )
            ],
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='ATSS',
                neck=dict(type='FPN', in_channels=[64, 128], out_channels=64, num_outs=4),
                bbox_head=dict(
                    type='ATSSHead',
                    in_channels=64,
                    anchor_generator=dict(type='AnchorGenerator', strides=[8, 16, 32, 64, 128]),
                ),
            )
            """,
            at=Spot(8, 63, 83),
            message="ATSSHead has strides for 5 levels, and FPN gives 4",
        ),
    ],
)
