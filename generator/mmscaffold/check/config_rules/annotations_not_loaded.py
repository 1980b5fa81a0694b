"""A data pipeline does not load what the model trains on, or does not pack it.

A head of masks trains on the mask of each object, and ``LoadAnnotations`` loads them with
``with_mask=True`` only. A training pipeline without ``LoadAnnotations`` loads no boxes and no
classes, either; a pipeline without ``PackDetInputs`` gives the model nothing that it takes. The
pipelines of ``MultiImageMixDataset`` and of the data set in it count as one. Looked at are the
detectors and data sets of mmdet, with transforms of mmdet and mmcv only.

## Why it matters

``Mask R-CNN`` over a config of ``Faster R-CNN``, or a pipeline written anew, is built without a
word, and fails at the first batch; a ``switch_pipeline`` of ``PipelineSwitchHook`` fails many
epochs later.

## Symptoms

``AttributeError: 'InstanceData' object has no attribute 'masks'``, or ``'labels'``;
``KeyError: 'inputs'`` or ``'masks'``. ``YOLOX`` says nothing: it trains on images without objects.

## Before -> after

Write ``dict(type='LoadAnnotations', with_bbox=True, with_mask=True)``, and end the pipeline with
``dict(type='PackDetInputs')``.

## Fix safety

There is no automatic fix: the annotations may have no masks, and the model may be the wrong one.

## Source in mmengine

mmdet/datasets/transforms/loading.py and mmdet/datasets/transforms/formatting.py;
mmdet/models/roi_heads/mask_heads/fcn_mask_head.py; mmengine/model/base_model/data_preprocessor.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.detectors import detector, heads_of_masks
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.nearest import nearest
from mmscaffold.check.pipelines import Pipeline, loads_masks, pipelines, switched_pipelines
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import EVALUATION_MODES


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such pipeline."""
    if config.is_legacy or not config.is_runnable:
        return
    for pipeline in (*pipelines(config, "train"), *switched_pipelines(config)):
        if not pipeline.packs:
            yield from _not_packed(config, pipeline, "train")
        elif not pipeline.loaders:
            yield from _not_loaded(config, pipeline)
        elif all(loads_masks(one) is False for one in pipeline.loaders):
            yield from _without_masks(config, pipeline)
    for mode in EVALUATION_MODES:
        for pipeline in pipelines(config, mode):
            if not pipeline.packs:
                yield from _not_packed(config, pipeline, mode)


def _not_packed(config: ConfigView, pipeline: Pipeline, mode: str) -> Iterator[Diagnostic]:
    # One of the project may pack the batch as a whole.
    is_plain = config.get(f"{mode}_dataloader.collate_fn") is None
    if is_plain and pipeline.is_known(config) and detector(config) is not None:
        yield config.found(
            pipeline.path,
            "no transform of this pipeline packs what the model takes",
            "End it with dict(type='PackDetInputs').",
        )


def _not_loaded(config: ConfigView, pipeline: Pipeline) -> Iterator[Diagnostic]:
    model = detector(config)
    if model is not None and pipeline.is_known(config):
        yield config.found(
            nearest(config, [pipeline.path, (*model.path, "type")]),
            f"no transform of the training pipeline loads the annotations that {model.bare} "
            "trains on",
            "Put dict(type='LoadAnnotations', with_bbox=True) behind what loads the image.",
        )


def _without_masks(config: ConfigView, pipeline: Pipeline) -> Iterator[Diagnostic]:
    head, loader = next(heads_of_masks(config), None), pipeline.loaders[-1]
    if head is None or detector(config) is None or not pipeline.is_known(config):
        return
    yield config.found(
        nearest(config, [loader.path, (*head.path, "type")]),
        f"{head.bare} trains on masks, and the training pipeline does not load them",
        f"Write with_mask=True in {loader.bare} of the training pipeline.",
    )


RULE = Rule(
    id="MMS164",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='MaskRCNN',
                data_preprocessor=dict(type='DetDataPreprocessor'),
                roi_head=dict(type='StandardRoIHead', mask_head=dict(type='FCNMaskHead')),
            )
            train_pipeline = [
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True, with_mask=True),
                dict(type='PackDetInputs'),
            ]
            test_pipeline = [dict(type='LoadImageFromFile'), dict(type='PackDetInputs')]
            train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=train_pipeline))
            val_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=test_pipeline))
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='Mask2Former',
                data_preprocessor=dict(type='DetDataPreprocessor'),
                panoptic_head=dict(type='Mask2FormerHead'),
            )
            train_pipeline = [
                dict(type='LoadImageFromFile'),
                dict(type='LoadPanopticAnnotations'),
                dict(type='PackDetInputs'),
            ]
            train_dataloader = dict(
                dataset=dict(type='CocoPanopticDataset', pipeline=train_pipeline)
            )
            """,
            because="These annotations are loaded with masks, unless with_mask=False.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='YOLOX',
                data_preprocessor=dict(type='DetDataPreprocessor'),
                bbox_head=dict(type='YOLOXHead'),
            )
            train_dataloader = dict(dataset=dict(
                type='MultiImageMixDataset',
                dataset=dict(
                    type='RepeatDataset',
                    times=3,
                    dataset=dict(
                        type='CocoDataset',
                        pipeline=[dict(type='LoadImageFromFile'), dict(type='LoadAnnotations')],
                    ),
                ),
                pipeline=[dict(type='Mosaic'), dict(type='PackDetInputs')],
            ))
            """,
            because="The two pipelines are run one after the other.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='BoxInst',
                data_preprocessor=dict(type='BoxInstDataPreprocessor'),
                mask_head=dict(type='BoxInstMaskHead'),
            )
            train_pipeline = [
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True),
                dict(type='PackDetInputs'),
            ]
            train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=train_pipeline))
            """,
            because="That one makes masks of the boxes.",
        ),
        Valid(
            {
                "config.py": """
                default_scope = 'mmdet'
                custom_imports = dict(imports=['own_transforms'])
                model = dict(
                    type='MaskRCNN',
                    data_preprocessor=dict(type='DetDataPreprocessor'),
                    roi_head=dict(type='StandardRoIHead', mask_head=dict(type='FCNMaskHead')),
                )
                train_pipeline = [
                    dict(type='LoadImageFromFile'),
                    dict(type='LoadAnnotations', with_bbox=True),
                    dict(type='MasksOfBoxes'),
                    dict(type='PackDetInputs'),
                ]
                train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=train_pipeline))
                """,
                "own_transforms.py": """
                from mmcv.transforms import BaseTransform
                from mmdet.registry import TRANSFORMS


                @TRANSFORMS.register_module()
                class MasksOfBoxes(BaseTransform):
                    def transform(self, results):
                        return {**results, 'gt_masks': self.filled(results['gt_bboxes'])}
                """,
            },
            because="A transform of the project may do anything.",
        ),
    ],
    invalid=[
        Invalid(
            {
                "config.py": """
                _base_ = './faster_rcnn.py'
                model = dict(
                    type='MaskRCNN',
                    roi_head=dict(mask_head=dict(type='FCNMaskHead', num_classes=3)),
                )
                """,
                "faster_rcnn.py": """
                default_scope = 'mmdet'
                model = dict(
                    type='FasterRCNN',
                    data_preprocessor=dict(type='DetDataPreprocessor'),
                    roi_head=dict(type='StandardRoIHead'),
                )
                train_pipeline = [
                    dict(type='LoadImageFromFile'),
                    dict(type='LoadAnnotations', with_bbox=True),
                    dict(type='PackDetInputs'),
                ]
                train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=train_pipeline))
                """,
            },
            at=Spot(4, 39, 52),
            message="FCNMaskHead trains on masks, and the training pipeline does not load them",
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RTMDet',
                data_preprocessor=dict(type='DetDataPreprocessor'),
                bbox_head=dict(type='RTMDetInsSepBNHead'),
            )
            train_pipeline = [
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True, with_mask=True),
                dict(type='PackDetInputs'),
            ]
            stage2 = [
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True),
                dict(type='PackDetInputs'),
            ]
            custom_hooks = [
                dict(type='PipelineSwitchHook', switch_epoch=280, switch_pipeline=stage2)
            ]
            train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=train_pipeline))
            """,
            at=Spot(14, 5, 49),
            message=(
                "RTMDetInsSepBNHead trains on masks, and the training pipeline does not load them"
            ),
            after="""
            default_scope = 'mmdet'
            model = dict(
                type='RTMDet',
                data_preprocessor=dict(type='DetDataPreprocessor'),
                bbox_head=dict(type='RTMDetInsSepBNHead'),
            )
            train_pipeline = [
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True, with_mask=True),
                dict(type='PackDetInputs'),
            ]
            custom_hooks = [
                dict(type='PipelineSwitchHook', switch_epoch=280, switch_pipeline=train_pipeline)
            ]
            train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=train_pipeline))
            """,
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                data_preprocessor=dict(type='DetDataPreprocessor'),
                bbox_head=dict(type='RetinaHead'),
            )
            train_pipeline = [dict(type='LoadImageFromFile'), dict(type='PackDetInputs')]
            test_pipeline = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations')]
            train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=train_pipeline))
            val_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=test_pipeline))
            test_dataloader = val_dataloader
            """,
            at=Spot(9, 67, 81),
            message=(
                "no transform of the training pipeline loads the annotations that RetinaNet "
                "trains on"
            ),
            also=[
                ExampleFinding(
                    Spot(10, 65, 78), "no transform of this pipeline packs what the model takes"
                )
            ],
            after="""
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                data_preprocessor=dict(type='DetDataPreprocessor'),
                bbox_head=dict(type='RetinaHead'),
            )
            train_pipeline = [
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True),
                dict(type='PackDetInputs'),
            ]
            test_pipeline = [dict(type='LoadImageFromFile'), dict(type='PackDetInputs')]
            train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=train_pipeline))
            val_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=test_pipeline))
            test_dataloader = val_dataloader
            """,
        ),
    ],
)
