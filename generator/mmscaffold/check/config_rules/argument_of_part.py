"""A part of the config gets an argument that its class does not take, or lacks one it needs.

All that is built is looked at, down to the losses of a head: models, data sets, transforms,
samplers, metrics, visualizers, dataloaders; and what the code of the project registers. Loops are
the business of MMS110, hooks and schedulers of MMS122, optimizers of MMS136. Classes that take
keys out of their arguments themselves are passed over; so is what a class gives to its parts
itself, as a detector ``train_cfg`` to its head. Of the layers that detectors such as ``DINO`` and
heads such as ``Mask2FormerHead`` build of dicts without a ``type``, keys are found that are
misspelt, and a ``type``, which is one too many.

## Why it matters

mmengine passes every key of a dict to the constructor of its ``type``, which refuses what it
does not know. Often a child changes the ``type`` in a dict and the keys of its base stay beside
it, for dicts merge: ``depth`` of ``ResNet`` under ``SwinTransformer``, ``roi_head`` under
a one-stage detector. Or the key is one of MMDetection 2.x: ``img_prefix``, ``img_scale``,
``flip_ratio``. A wrapper such as ``RepeatDataset`` takes none of the keys of the data set in it.

## Symptoms

``TypeError: ... got an unexpected keyword argument``, or ``missing 1 required positional
argument``, while the part is built.

## Before -> after

Add ``_delete_=True`` to the dict of the child and restate what it needs; or write the key where
it belongs.

## Fix safety

``mmscaffold check --fix`` removes an argument that a base left there for another ``type``, with
``_delete_=True`` and all other keys restated. That is safe: the class is refused with it. An
argument that stands beside its own ``type`` is left alone, as it may be misspelt.

## Source in mmengine

mmengine/registry/build_functions.py, ``build_from_cfg``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Fix, Severity
from mmscaffold.check.layers import misspelt_keys
from mmscaffold.check.refused import advice, advice_on, is_left_over, refused_keys, unnamed_parts
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.config.change import MISSING, Change


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each argument that is too much, and each that is missing.

    What a base left for another ``type`` has one cause, and is one finding.
    """
    if config.is_legacy:
        return
    for path, name, argument, taken in unnamed_parts(config):
        yield config.found(
            (*path, argument),
            f"{name} takes no argument {argument!r}; it cannot be "
            f"{'called' if name.islower() else 'built'} with it",
            advice(argument, taken, stale=False),
        )
    for path, layer, key, meant in misspelt_keys(config):
        yield config.found(
            (*path, key),
            f"{layer.name} takes no argument {key!r}; it cannot be built with it",
            f"Did you mean {meant!r}?" if meant else f"Remove it: this is always {layer.name}.",
        )
    found = list(refused_keys(config))
    places = Counter(config.origin(part.named_at).where for part, _, _ in found)
    for part, refused, missing in found:
        # Under two names of one value, to change both would write it twice.
        is_shared = places[config.origin(part.named_at).where] > 1
        stale = [key for key in refused if is_left_over(config, part.path, key)]
        if stale:
            fix: Fix = () if is_shared else tuple(Change((*part.path, k), MISSING) for k in stale)
            yield config.found((*part.path, "type"), *_left_over(part.bare, stale), fix)
        for argument in refused:
            if argument not in stale:
                yield config.found(
                    (*part.path, argument),
                    f"{part.bare} takes no argument {argument!r}; it cannot be built with it",
                    advice_on(config, part, argument),
                )
        for argument in missing:
            yield config.found(
                part.path,
                f"{part.bare} needs {argument}, which is not set; it cannot be built without",
                f"Add {argument}=...",
            )


def _left_over(name: str, stale: list[str]) -> tuple[str, str]:
    """The message and the advice on all that a base left there for another ``type``."""
    if len(stale) == 1:
        message = f"{name} takes no argument {stale[0]!r}; it cannot be built with it"
        return message, advice(stale[0], frozenset(), stale=True)
    keys = ", ".join(map(repr, stale[:-1]))
    return (
        f"{name} takes no arguments {keys} and {stale[-1]!r}; it cannot be built with them",
        "The keys come from a base that has another type there: add _delete_=True, and restate "
        "the rest.",
    )


RULE = Rule(
    id="MMS141",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='DINO',
                dn_cfg=dict(label_noise_scale=0.5, group_cfg=dict(dynamic=True)),
                positional_encoding=dict(num_feats=128, normalize=True),
                encoder=dict(layer_cfg=dict(self_attn_cfg=dict(embed_dims=256, dropout=0.0))),
            )
            """,
        ),
        Valid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_models'])
                default_scope = 'mmdet'
                model = dict(type='OwnDINO', positional_encoding=dict(num_feat=128))
                """,
                "own_models.py": """
                from mmdet.models.detectors import DINO
                from mmdet.registry import MODELS


                @MODELS.register_module()
                class OwnDINO(DINO):
                    def _init_layers(self):
                        pass
                """,
            },
            because="It may build other layers.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                neck=dict(type='FPN', in_channels=[256], out_channels=256, num_outs=5),
                backbone=dict(type='ResNet', depth=50, norm_cfg=dict(type='BN')),
                bbox_head=dict(type='RetinaHead', num_classes=3, in_channels=256),
            )
            train_dataloader = dict(
                sampler=dict(type='DefaultSampler', shuffle=True),
                dataset=dict(
                    type='RepeatDataset',
                    times=3,
                    dataset=dict(type='CocoDataset', ann_file='a.json', pipeline=[]),
                ),
            )
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            optim_wrapper = dict(
                type='AmpOptimWrapper',
                optimizer=dict(type='SGD', lr=0.1),
                paramwise_cfg=dict(norm_decay_mult=0),
                clip_grad=dict(max_norm=35),
            )
            """,
        ),
        Valid(
            """
            default_scope = 'mmpretrain'
            model = dict(
                type='Flamingo',
                vision_encoder=dict(type='VisionTransformer'),
                tokenizer=dict(type='LlamaTokenizer'),
                lang_encoder=dict(adapter=dict(type='FlamingoLMAdapter', vis_hidden_size=1024)),
            )
            optim_wrapper = dict(optimizer=dict(type='LARS', lr=4.8))
            train_dataloader = dict()
            """,
            because="The adapter is a mixin that nothing builds; the optimizer gets its params.",
        ),
        Valid(
            """
            default_scope = 'mmrazor'
            model = dict(
                type='DCFF',
                architecture=dict(type='mmdet.RetinaNet'),
                mutator_cfg=dict(
                    type='DCFFChannelMutator',
                    channel_unit_cfg=dict(type='DCFFChannelUnit', units={}, default_args={}),
                ),
            )
            """,
            because="The mutator reads that dict itself, and takes the class of it.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='MaskFormer',
                panoptic_head=dict(
                    type='MaskFormerHead',
                    in_channels=[256, 512, 1024, 2048],
                    feat_channels=256,
                    out_channels=256,
                    pixel_decoder=dict(type='PixelDecoder', norm_cfg=dict(type='GN')),
                ),
            )
            train_dataloader = dict()
            """,
            because="The head gives the channels to its pixel decoder before it builds that.",
        ),
        Valid(
            """
            model = dict(type='RetinaNet', neck=dict(type='FPN', sizes=3))
            """,
            because="Without a scope, nobody knows whose FPN that is.",
        ),
        Valid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_necks'])
                default_scope = 'mmdet'
                model = dict(type='RetinaNet', neck=dict(type='FPN', sizes=3))
                """,
                "own_necks.py": """
                from mmdet.models.necks import FPN as Base
                from mmdet.registry import MODELS


                @MODELS.register_module(force=True)
                class FPN(Base):
                    def __init__(self, sizes, **kwargs):
                        super().__init__(**kwargs)
                """,
            },
        ),
    ],
    invalid=[
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='DINO',
                positional_encoding=dict(num_feat=128, normalize=True),
                encoder=dict(
                    num_layers=6,
                    layer_cfg=dict(
                        self_attn_cfg=dict(embed_dim=256, num_levels=4),
                        ffn_cfg=dict(feedforward_channels=2048, feedforward_relu=True),
                    ),
                ),
                decoder=dict(type='DinoTransformerDecoder', num_layers=6),
            )
            """,
            at=Spot(4, 39, 42),
            message=(
                "SinePositionalEncoding takes no argument 'num_feat'; it cannot be built with it"
            ),
            also=[
                ExampleFinding(
                    Spot(8, 42, 45),
                    "MultiScaleDeformableAttention takes no argument 'embed_dim'; it cannot be "
                    "built with it",
                ),
                ExampleFinding(
                    Spot(12, 23, 47),
                    "DinoTransformerDecoder takes no argument 'type'; it cannot be built with it",
                ),
            ],
            because="Of what looks like nothing that is known, another release may know it.",
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model_wrapper_cfg = dict(
                type='MMDistributedDataParallel', find_unused_parameter=True, bucket_cap_mb=50
            )
            """,
            at=Spot(3, 61, 65),
            message=(
                "DistributedDataParallel takes no argument 'find_unused_parameter'; it cannot be "
                "built with it"
            ),
        ),
        Invalid(
            """
            optim_wrapper = dict(
                optimizer=dict(type='SGD', lr=0.1), clip_grad=dict(max_norms=35, norm_type=2)
            )
            """,
            at=Spot(2, 66, 68),
            message=("clip_grad_norm_ takes no argument 'max_norms'; it cannot be called with it"),
            because="torch refuses it at the first step.",
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            val_evaluator = dict(type='CocoMetric', ann_file='a.json', eval_mode='11points')
            """,
            at=Spot(3, 70, 80),
            message="CocoMetric takes no argument 'eval_mode'; it cannot be built with it",
        ),
        Invalid(
            {
                "config.py": """
                _base_ = './base.py'
                model = dict(backbone=dict(type='SwinTransformer'))
                """,
                "base.py": """
                default_scope = 'mmdet'
                model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50))
                """,
            },
            at=Spot(2, 33, 50),
            message="SwinTransformer takes no argument 'depth'; it cannot be built with it",
            fixed="""
            _base_ = './base.py'
            model = dict(backbone=dict(_delete_=True, type='SwinTransformer'))
            """,
        ),
        Invalid(
            {
                "config.py": """
                _base_ = './base.py'
                train_dataloader = dict(
                    dataset=dict(
                        type='RepeatDataset',
                        times=3,
                        dataset=dict(type='CocoDataset', ann_file='ships.json'),
                    )
                )
                """,
                "base.py": """
                default_scope = 'mmdet'
                train_dataloader = dict(
                    dataset=dict(type='CocoDataset', ann_file='a.json', pipeline=[])
                )
                """,
            },
            at=Spot(4, 14, 29),
            message=(
                "RepeatDataset takes no arguments 'ann_file' and 'pipeline'; it cannot be built "
                "with them"
            ),
            fixed="""
            _base_ = './base.py'
            train_dataloader = dict(
                dataset=dict(
                    _delete_=True,
                    type='RepeatDataset',
                    times=3,
                    dataset=dict(type='CocoDataset', ann_file='ships.json'),
                )
            )
            """,
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet', roi_head=dict(type='StandardRoIHead'))
            """,
            at=Spot(2, 41, 69),
            message="RetinaNet takes no argument 'roi_head'; it cannot be built with it",
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            train_dataloader = dict(
                dataset=dict(type='RepeatDataset', times=2, pipeline=[],
                             dataset=dict(type='CocoDataset', img_prefix='train/'))
            )
            """,
            at=Spot(3, 58, 60),
            message="RepeatDataset takes no argument 'pipeline'; it cannot be built with it",
            also=[
                ExampleFinding(
                    Spot(4, 62, 70),
                    "CocoDataset takes no argument 'img_prefix'; it cannot be built with it",
                )
            ],
        ),
        Invalid(
            """
            train_dataloader = dict(dataset=dict(type='own.Ships'), samples_per_gpu=2)
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1), grad_clip=None)
            """,
            at=Spot(1, 73, 74),
            message="DataLoader takes no argument 'samples_per_gpu'; it cannot be built with it",
            also=[
                ExampleFinding(
                    Spot(2, 68, 72),
                    "OptimWrapper takes no argument 'grad_clip'; it cannot be built with it",
                )
            ],
        ),
        Invalid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_data'])
                train_dataloader = dict(dataset=dict(type='Ships', ann_file='a.txt', size=3))
                """,
                "own_data.py": """
                from mmengine.dataset import BaseDataset
                from mmengine.registry import DATASETS


                @DATASETS.register_module()
                class Ships(BaseDataset):
                    def __init__(self, *args, sizes=None, **kwargs):
                        super().__init__(*args, **kwargs)
                """,
            },
            at=Spot(2, 75, 76),
            message="Ships takes no argument 'size'; it cannot be built with it",
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                backbone=dict(type='ResNet'),
                neck=dict(type='FPN', in_channels=[256], out_channels=256, num_outs=5),
                bbox_head=dict(type='RetinaHead', num_classes=3, in_channels=256),
            )
            train_dataloader = dict()
            """,
            at=Spot(4, 14, 33),
            message="ResNet needs depth, which is not set; it cannot be built without",
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                backbone=dict(type='ResNet', depth=18),
                neck=dict(type='ChannelMapper', in_channels=[512], out_channels=64, num_outs=5),
                bbox_head=dict(type='RetinaHead', num_classes=3),
                train_cfg=dict(assigner=dict(type='MaxIoUAssigner', pos_iou_thr=0.5)),
            )
            train_dataloader = dict()
            """,
            at=Spot(6, 15, 53),
            message="RetinaHead needs in_channels, which is not set; it cannot be built without",
            also=[
                ExampleFinding(
                    Spot(7, 29, 73),
                    "MaxIoUAssigner needs neg_iou_thr, which is not set; it cannot be built "
                    "without",
                )
            ],
        ),
    ],
)
