"""A head has another number of classes than the training data.

``num_classes`` of ``bbox_head`` and ``mask_head`` is held against the ``metainfo`` of the data
set, or the classes that its class has by itself.

## Why it matters

``num_classes`` and the data are set in different places. With fewer outputs than classes, labels
point beyond the outputs. With more, the rest are trained to stay silent; and a list of heads that
a child changes in part keeps the number of its base.

## Symptoms

``CUDA error: device-side assert triggered``, ``IndexError: ... is out of bounds`` or
``Target 3 is out of bounds``; or metrics that are lower than they could be.

## Before -> after

Set ``num_classes`` of every head to the number of classes in ``metainfo``.

## Fix safety

There is no automatic fix: the head or the data may be wrong.

## Source in mmengine

mmdet/engine/hooks/num_class_check_hook.py, which checks the same while it trains, where a config
has that hook.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, is_number
from mmscaffold.check.data_sets import common_classes, count_of
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.config.key_path import KeyPath

_HEADS = ("bbox_head", "mask_head")
# Their outputs are no classes, or not those of the data set.
_OTHER = ("RPN", "Grounding", "GLIP", "Semantic", "Panoptic")


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such head."""
    if config.is_legacy or not config.is_runnable:
        return
    found = common_classes(config, "train")
    if found is None:
        return
    wanted, data = count_of(found[0]), found[1]
    if "Panoptic" in data.bare:
        # Heads of boxes count its things only.
        return
    for part in config.parts_below("model"):
        number = part.values.get("num_classes")
        if not is_number(number) or _key(part.path) not in _HEADS:
            continue
        if number == wanted or any(one in part.bare for one in _OTHER):
            continue
        # FCNMaskHead has one output then, whatever num_classes is.
        if part.values.get("class_agnostic"):
            continue
        yield config.found(
            (*part.path, "num_classes"),
            f"num_classes={number} of {part.bare}, and the training data ({data.bare}) have "
            f"{wanted} {'class' if wanted == 1 else 'classes'}",
            f"Set num_classes={wanted}, or the classes in metainfo of the data set.",
        )


def _key(path: KeyPath) -> object:
    return next((one for one in reversed(path) if isinstance(one, str)), None)


RULE = Rule(
    id="MMS142",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=80))
            train_dataloader = dict(dataset=dict(type='CocoDataset'))
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='FasterRCNN',
                rpn_head=dict(type='RPNHead', num_classes=1),
                roi_head=dict(
                    bbox_head=[dict(type='Shared2FCBBoxHead', num_classes=2)] * 3,
                    semantic_head=dict(type='FusedSemanticHead', num_classes=183),
                ),
            )
            train_dataloader = dict(dataset=dict(
                type='RepeatDataset', times=3,
                dataset=dict(type='CocoDataset', metainfo=dict(classes=('ship', 'buoy')))
            ))
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='MaskRCNN',
                roi_head=dict(mask_head=dict(
                    type='FCNMaskHead', num_classes=1, class_agnostic=True
                )),
            )
            train_dataloader = dict(dataset=dict(type='CocoDataset'))
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=3))
            train_dataloader = dict(dataset=dict(type='my_project.data.Ships'))
            """,
            because="Nothing is known of its classes.",
        ),
    ],
    invalid=[
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=80))
            train_dataloader = dict(
                dataset=dict(type='CocoDataset', metainfo=dict(classes=('ship', 'buoy')))
            )
            """,
            at=Spot(2, 78, 80),
            message=(
                "num_classes=80 of RetinaHead, and the training data (CocoDataset) have 2 classes"
            ),
            after="""
            default_scope = 'mmdet'
            model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=2))
            train_dataloader = dict(
                dataset=dict(type='CocoDataset', metainfo=dict(classes=('ship', 'buoy')))
            )
            """,
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='CascadeRCNN', roi_head=dict(
                bbox_head=[dict(type='Shared2FCBBoxHead', num_classes=20),
                           dict(type='Shared2FCBBoxHead', num_classes=80)],
                mask_head=dict(type='FCNMaskHead', num_classes=80)))
            train_dataloader = dict(dataset=dict(
                type='RepeatDataset', times=3, dataset=dict(type='VOCDataset')
            ))
            """,
            at=Spot(4, 59, 61),
            message=(
                "num_classes=80 of Shared2FCBBoxHead, and the training data (VOCDataset) have "
                "20 classes"
            ),
            also=[
                ExampleFinding(
                    Spot(5, 52, 54),
                    "num_classes=80 of FCNMaskHead, and the training data (VOCDataset) have "
                    "20 classes",
                )
            ],
        ),
    ],
)
