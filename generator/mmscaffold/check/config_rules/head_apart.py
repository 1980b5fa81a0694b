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
from typing import Any, NamedTuple

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
    **{dotted.rpartition(".")[2]: "num_outs" for dotted in WITH_NUM_OUTS},
    **{dotted.rpartition(".")[2]: "in_channels" for dotted in WITH_ALL_INPUTS},
}
_TAKING = {**HEADS, EXTRACTOR: Levels.ANY}
# Their heads take what the neck gives as it is.
_PLAIN = (Detector.TWO_STAGE, Detector.DENSE, Detector.INSTANCES, Detector.PANOPTIC)
_GENERATORS = ("anchor_generator", "prior_generator")


class _Misfit(NamedTuple):
    """What a head takes and its neck does not give."""

    head: Part
    path: KeyPath
    taken: int
    neck_key: str
    given: int
    is_of_levels: bool = False


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each head that does not fit."""
    if config.is_legacy:
        return
    parts = config.parts_below("model")
    for neck in parts:
        if neck.path[-1] != "neck":
            continue
        misfits = list(_misfits(neck, parts))
        model = next((part for part in parts if part.path == neck.path[:-1]), None)
        if not misfits or model is None or not _is_plain(config, model):
            continue
        if exact_row(config, neck, _NECKS):
            for misfit in misfits:
                yield from _findings(config, neck, misfit)


def _is_plain(config: ConfigView, model: Part) -> bool:
    is_known = config.is_own(model.bare) or row_of(config, model, DETECTORS) in _PLAIN
    return is_known and is_unbroken(config, model)


def _misfits(neck: Part, parts: tuple[Part, ...]) -> Iterator[_Misfit]:
    """The heads beside a neck that do not fit, whatever they are."""
    beside = neck.path[:-1]
    width = neck.values.get("out_channels")
    for part in parts:
        path = part.path[len(beside) :] if part.path[: len(beside)] == beside else ()
        if path[:2] == ("roi_head", "bbox_roi_extractor"):
            yield from _misfit(part, (*part.path, "out_channels"), "out_channels", width)
        if path not in (("rpn_head",), ("bbox_head",)):
            continue
        # Without convolutions, it is the next layer that takes the channels.
        if part.values.get("stacked_convs") != 0:
            yield from _misfit(part, (*part.path, "in_channels"), "out_channels", width)
        counted_by = _COUNTED_BY.get(neck.bare)
        if counted_by is not None:
            key = next((one for one in _GENERATORS if one in part.values), None)
            place = (*part.path, key, "strides") if key else (*part.path, "strides")
            given = neck.values.get(counted_by)
            yield from _misfit(part, place, counted_by, given, is_of_levels=True)


def _misfit(
    head: Part, path: KeyPath, neck_key: str, given: Any, *, is_of_levels: bool = False
) -> Iterator[_Misfit]:
    taken: Any = head.values
    for key in path[len(head.path) :]:
        taken = taken.get(key) if isinstance(taken, Mapping) else None
    if is_of_levels:
        taken, given = _count(taken), given if is_number(given) else _count(given)
    if is_number(taken) and is_number(given) and taken != given:
        yield _Misfit(head, path, taken, neck_key, given, is_of_levels)


def _findings(config: ConfigView, neck: Part, misfit: _Misfit) -> Iterator[Diagnostic]:
    head, path, taken, neck_key, given, is_of_levels = misfit
    levels = exact_row(config, head, _TAKING)
    place = nearest(config, [path, (*neck.path, neck_key)])
    if levels is None:
        return
    if not is_of_levels:
        yield config.found(
            place,
            f"{head.bare} expects {taken} channels, and {neck.bare} gives {given}",
            f"Write {path[-1]}={given} in {head.bare}, or correct the neck.",
        )
    elif levels is Levels.SAME or (levels is Levels.SOME and given < taken):
        yield config.found(
            place,
            f"{head.bare} has strides for {taken} levels, and {neck.bare} gives {given}",
            "Write as many strides as the neck gives levels.",
        )


def _count(value: Any) -> int | None:
    return len(value) if isinstance(value, list | tuple) else None


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
