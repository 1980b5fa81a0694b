"""A metric evaluates results that the detector does not give.

``CocoMetric`` evaluates masks with ``metric=['bbox', 'segm']``, ``CityScapesMetric`` always;
``CocoPanopticMetric`` evaluates panoptic segmentation. A detector of mmdet gives masks if it has
a head for them; ``Mask2Former`` gives instances with ``instance_on=True``, and panoptic
segmentation unless ``panoptic_on=False``.

## Why it matters

It is seen after a whole epoch of training and all of the validation, and this epoch's results
are lost.

## Symptoms

``KeyError: 'segm is not in results'``; ``KeyError: 'masks'``, ``'pred_instances'`` or
``'pred_panoptic_seg'``.

## Before -> after

Write ``metric='bbox'``, or give the detector a head of masks.

## Fix safety

There is no automatic fix: the model may be the wrong one.

## Source in mmengine

mmdet/evaluation/metrics/coco_metric.py; mmdet/models/roi_heads/base_roi_head.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.detectors import results_of
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.lineage import exact_row
from mmscaffold.check.nearest import nearest
from mmscaffold.check.parts import Part
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.metrics import EVALUATED, Evaluated
from mmscaffold.facts.runner import EVALUATION_MODES

_BY_NAME = {dotted.rpartition(".")[2]: row for dotted, row in EVALUATED.items()}
_TOLD = {"panoptic": "panoptic segmentation", "semantic": "semantic segmentation"}


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such metric."""
    if config.is_legacy or not config.is_runnable:
        return
    metrics = [
        (part, wanted)
        for mode in EVALUATION_MODES
        for part in config.parts_below(f"{mode}_evaluator")
        if part.registry == "METRICS" and (wanted := _wanted(config, part))
    ]
    given = results_of(config) if metrics else None
    if given is None:
        return
    model = config.parts_below("model")[0]
    for part, wanted in metrics:
        missing = [one for one in wanted if one not in given]
        row = exact_row(config, part, EVALUATED) if missing else None
        if row is not None:
            what = " and ".join(_TOLD.get(one, one) for one in missing)
            places: list[KeyPath] = [(*part.path, "type"), (*model.path, "type")]
            if row.argument in part.values:
                places.insert(0, (*part.path, row.argument))
            yield config.found(
                nearest(config, places),
                f"{part.bare} evaluates {what}, and {model.bare} gives {_told(given)}",
                _hint(missing[-1], row),
            )


def _wanted(config: ConfigView, part: Part) -> tuple[str, ...]:
    """What a metric evaluates, by its name; nothing if every detector gives that."""
    row = _BY_NAME.get(part.bare)
    # What is only written to files is not evaluated.
    if row is None or part.values.get("format_only"):
        return ()
    wanted = tuple(row.results(part.values))
    is_fused = config.get("model.panoptic_fusion_head") is not None
    return () if wanted == ("boxes",) and not is_fused else wanted


def _told(given: frozenset[str]) -> str:
    return " and ".join(_TOLD.get(one, one) for one in sorted(given)) or "nothing"


def _hint(missing: str, row: Evaluated) -> str:
    if missing == "masks" and row.argument:
        return f"Leave 'segm' out of {row.argument}, or give the model a head of masks."
    return "Use a metric of what the model gives, or a model that gives it."


RULE = Rule(
    id="MMS166",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='MaskRCNN',
                roi_head=dict(
                    type='StandardRoIHead',
                    bbox_head=dict(type='Shared2FCBBoxHead'),
                    mask_head=dict(type='FCNMaskHead'),
                ),
            )
            val_dataloader = dict(dataset=dict(type='CocoDataset'))
            val_evaluator = dict(type='CocoMetric', metric=['bbox', 'segm', 'proposal'])
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead'))
            val_dataloader = dict(dataset=dict(type='CocoDataset'))
            val_evaluator = dict(type='CocoMetric', metric=['bbox', 'proposal'])
            test_evaluator = dict(
                type='CocoMetric', metric=['bbox', 'segm'], format_only=True, outfile_prefix='a'
            )
            """,
            because="What is only written to files is not evaluated.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='Mask2Former',
                panoptic_fusion_head=dict(type='MaskFormerFusionHead'),
                test_cfg=dict(panoptic_on=True, instance_on=True),
            )
            val_dataloader = dict(dataset=dict(type='CocoPanopticDataset'))
            val_evaluator = [
                dict(type='CocoPanopticMetric'),
                dict(type='CocoMetric', metric=['bbox', 'segm']),
            ]
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet', bbox_head=dict(type='my_project.heads.WithMasks'))
            val_dataloader = dict(dataset=dict(type='CocoDataset'))
            val_evaluator = dict(type='CocoMetric', metric='segm')
            """,
            because="Nothing is known of that head.",
        ),
    ],
    invalid=[
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead'))
            val_dataloader = dict(dataset=dict(type='CocoDataset'))
            val_evaluator = dict(type='CocoMetric', metric=['bbox', 'segm'])
            test_evaluator = val_evaluator
            """,
            at=Spot(4, 48, 64),
            message="CocoMetric evaluates masks, and RetinaNet gives boxes",
            after="""
            default_scope = 'mmdet'
            model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead'))
            val_dataloader = dict(dataset=dict(type='CocoDataset'))
            val_evaluator = dict(type='CocoMetric', metric='bbox')
            test_evaluator = val_evaluator
            """,
        ),
        Invalid(
            {
                "config.py": """
                _base_ = './mask_rcnn.py'
                model = dict(type='FasterRCNN', roi_head=dict(mask_head=None))
                """,
                "mask_rcnn.py": """
                default_scope = 'mmdet'
                model = dict(
                    type='MaskRCNN',
                    roi_head=dict(
                        type='StandardRoIHead',
                        bbox_head=dict(type='Shared2FCBBoxHead'),
                        mask_head=dict(type='FCNMaskHead'),
                    ),
                )
                val_dataloader = dict(dataset=dict(type='CocoDataset'))
                val_evaluator = dict(type='CocoMetric', metric=['bbox', 'segm'])
                """,
            },
            at=Spot(2, 19, 31),
            message="CocoMetric evaluates masks, and FasterRCNN gives boxes",
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='Mask2Former',
                panoptic_fusion_head=dict(type='MaskFormerFusionHead'),
                test_cfg=dict(panoptic_on=True),
            )
            val_dataloader = dict(dataset=dict(type='CocoDataset'))
            val_evaluator = dict(type='CocoMetric', metric=['bbox', 'segm'])
            test_evaluator = dict(type='CocoPanopticMetric')
            """,
            at=Spot(8, 48, 64),
            message=(
                "CocoMetric evaluates boxes and masks, and Mask2Former gives panoptic segmentation"
            ),
            after="""
            default_scope = 'mmdet'
            model = dict(
                type='Mask2Former',
                panoptic_fusion_head=dict(type='MaskFormerFusionHead'),
                test_cfg=dict(panoptic_on=False, instance_on=True),
            )
            val_dataloader = dict(dataset=dict(type='CocoDataset'))
            val_evaluator = dict(type='CocoMetric', metric=['bbox', 'segm'])
            test_evaluator = val_evaluator
            """,
        ),
    ],
)
