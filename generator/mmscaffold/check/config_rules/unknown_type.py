"""A part of the config names a class that no registry has.

Everything that is built is looked at: parts of models, data sets, transforms, samplers, metrics,
visualizers, the ``constructor`` of an optimizer wrapper, ``model_wrapper_cfg``. Names are looked
up as mmengine does it: a scope before the name, ``_scope_``, ``default_scope``, then the
registries of mmengine and mmcv. A dotted path such as ``mmdet.models.RetinaNet`` is looked for
among the classes of its package. What a class of the project gets may be a choice that it reads
itself, such as ``schedule=dict(type='UDA')``: there, only what is built everywhere is looked at,
such as backbones, heads, losses and assigners.

## Why it matters

mmengine looks a name up when it builds the part: a validation metric after the data were read,
a transform of the test pipeline after the training. Mostly the name is misspelt, or it is a class
of another package that needs its scope: ``mmdet.LoadAnnotations``.

## Symptoms

``KeyError: '... is not in the mmdet::metric registry'`` when the part is built.

## Before -> after

Write the name that the registry has, with the scope of its package.

## Fix safety

There is no automatic fix: another name is another class.

## Source in mmengine

mmengine/registry/registry.py, ``Registry.get``; mmengine/registry/build_functions.py,
``build_from_cfg``; mmengine/utils/misc.py, ``get_object_from_string``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_types import close_name, unknown_parts
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such part."""
    for part, scope in unknown_parts(config):
        prefix = part.name.rpartition(".")[0]
        near = close_name(config, scope, part.registry, part.name)
        if "." in prefix:
            # Of a package that is not here, somebody may have another release.
            if near or config.family.table_here(prefix.partition(".")[0]) is not None:
                yield config.found(
                    part.named_at,
                    f"{prefix} has no {part.bare!r}",
                    f"Did you mean '{prefix}.{near}'?"
                    if near
                    else "Correct the path to the class.",
                )
            continue
        elsewhere = config.find(part).registries
        # Without any of these, a script of the project may have imported what registers it.
        if not (near or prefix or elsewhere or config.imported_code is not None):
            continue
        where = f" in {part.registry}" if part.registry else ""
        also = f"; it is in {' and '.join(sorted(elsewhere))}" if elsewhere else ""
        meant = f"{prefix}.{near}" if prefix else near
        yield config.found(
            part.named_at,
            f"{prefix or scope} has no {part.bare!r}{where}, nor has mmengine{also}"
            if (prefix or scope) != "mmengine"
            else f"mmengine has no {part.bare!r}{where}{also}",
            f"Did you mean {meant!r}?"
            if near
            else "Correct the name, or import the module that registers it with custom_imports.",
        )


RULE = Rule(
    id="MMS139",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet', neck=dict(type='FPN'))
            val_dataloader = dict()
            val_evaluator = dict(type='CocoMetric')
            """,
        ),
        Valid(
            """
            default_scope = 'mmseg'
            model = dict(type='EncoderDecoder', neck=dict(type='mmdet.ChannelMapper'))
            val_dataloader = dict()
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet', backbone=dict(norm_cfg=dict(type='Bn')))
            val_dataloader = dict(
                dataset=dict(pipeline=[dict(type='Albu', transforms=[dict(type='Blur')])])
            )
            """,
            because="Those are looked up by mmcv and by albumentations.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet', neck=dict(type='my_project.models.OwnNeck'))
            val_dataloader = dict()
            """,
            because="The class is imported by its path.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='mmdet.models.RetinaNet')
            train_dataloader = dict(
                sampler=dict(type='mmengine.dataset.sampler.DefaultSampler'),
                collate_fn=dict(type='mmengine.dataset.pseudo_collat'),
            )
            custom_hooks = [dict(type='mmdet.own_hooks.OwnHook')]
            """,
            because="Functions, and modules that have no class in the package, are not known.",
        ),
        Valid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_necks'])
                default_scope = 'mmdet'
                model = dict(type='RetinaNet', neck=dict(type='FPNN'))
                val_dataloader = dict()
                """,
                "own_necks.py": """
                from mmdet.registry import MODELS
                from mmengine.model import BaseModule


                @MODELS.register_module()
                class FPNN(BaseModule):
                    pass
                """,
            },
        ),
        Valid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_models'])
                default_scope = 'mmdet'
                model = dict(
                    type='OwnTeacher',
                    schedule=dict(type='UDA'),
                    neck=dict(type='OwnNeck', attention=[dict(type='SE')]),
                    train_cfg=dict(detector_cfg=dict(type='SemiBaseDift', burn_up_iters=3)),
                )
                val_dataloader = dict()
                """,
                "own_models.py": """
                from mmdet.models.detectors import RetinaNet
                from mmdet.models.necks import FPN
                from mmdet.registry import MODELS


                @MODELS.register_module()
                class OwnTeacher(RetinaNet):
                    def __init__(self, schedule, **kwargs):
                        super().__init__(**kwargs)
                        self.is_uda = schedule['type'] == 'UDA'


                @MODELS.register_module()
                class OwnNeck(FPN):
                    def __init__(self, attention, **kwargs):
                        super().__init__(**kwargs)
                        self.kinds = [one['type'] for one in attention]
                """,
            },
            because="The classes of the project read those themselves.",
        ),
        Valid(
            """
            default_scope = 'mmaction'
            model = dict(
                _scope_='mmdet',
                type='FastRCNN',
                roi_head=dict(bbox_head=dict(type='BBoxHeadAVA')),
                train_cfg=dict(rcnn=dict(assigner=dict(type='MaxIoUAssignerAVA'))),
            )
            train_dataloader = dict()
            """,
            because="mmaction registers its heads with mmdet's registry, in a loop over them.",
        ),
        Valid(
            """
            default_scope = 'mmagic'
            model = dict(type='BaseEditModel')
            test_dataloader = [dict(), dict()]
            test_evaluator = [
                dict(type='Evaluator', metrics=[]),
                dict(type='Evaluator', metrics=[]),
            ]
            test_cfg = dict(type='MultiTestLoop')
            """,
            because="That loop builds an evaluator of each.",
        ),
        Valid(
            """
            from mmagic.engine.runner import MultiTestLoop
            default_scope = 'mmagic'
            model = dict(type='BaseEditModel')
            test_dataloader = [dict()]
            test_evaluator = [dict(type='Evaluator', metrics=[])]
            test_cfg = dict(type=MultiTestLoop)
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='mmdet.models.detectors.RetinaNets')
            train_dataloader = dict()
            custom_hooks = [dict(type='mmengine.hooks.CheckpointHok')]
            """,
            at=Spot(2, 19, 54),
            message="mmdet.models.detectors has no 'RetinaNets'",
            also=[ExampleFinding(Spot(4, 27, 57), "mmengine.hooks has no 'CheckpointHok'")],
            after="""
            default_scope = 'mmdet'
            model = dict(type='mmdet.models.detectors.RetinaNet')
            train_dataloader = dict()
            custom_hooks = [dict(type='mmengine.hooks.CheckpointHook')]
            """,
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            optim_wrapper = dict(
                constructor='LayerDecayOptimizerConstructor',
                optimizer=dict(type='AdamW', lr=0.0001),
            )
            """,
            at=Spot(5, 17, 49),
            message=(
                "mmdet has no 'LayerDecayOptimizerConstructor' in OPTIM_WRAPPER_CONSTRUCTORS, nor "
                "has mmengine"
            ),
            because="mmseg has it.",
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='ByteTrack')
            val_dataloader = dict()
            val_evaluator = dict(type='MOTChallengeMetrics')
            """,
            at=Spot(4, 27, 48),
            message="mmdet has no 'MOTChallengeMetrics' in METRICS, nor has mmengine",
            after="""
            default_scope = 'mmdet'
            model = dict(type='ByteTrack')
            val_dataloader = dict()
            val_evaluator = dict(type='MOTChallengeMetric')
            """,
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet', backbone=dict(type='ResNet50', depth=50))
            val_dataloader = dict()
            """,
            at=Spot(2, 51, 61),
            message="mmdet has no 'ResNet50', nor has mmengine",
        ),
        Invalid(
            """
            default_scope = 'mmseg'
            model = dict(type='EncoderDecoder')
            test_dataloader = dict(
                dataset=dict(pipeline=[dict(type='mmdet.LoadAnotations')])
            )
            """,
            at=Spot(4, 38, 60),
            message="mmdet has no 'LoadAnotations' in TRANSFORMS, nor has mmengine",
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            train_dataloader = dict(sampler=dict(type='OwnSampler'))
            val_evaluator = dict(type='DetLocalVisualizer')
            """,
            at=Spot(4, 27, 47),
            message=(
                "mmdet has no 'DetLocalVisualizer' in METRICS, nor has mmengine; it is in "
                "VISUALIZERS"
            ),
            because="The sampler is told by MMS129: a script of the project may register it.",
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            test_dataloader = dict()
            test_evaluator = [dict(type='Evaluator', metrics=[])]
            test_cfg = dict(type='TestLoop')
            """,
            at=Spot(4, 29, 40),
            message="mmdet has no 'Evaluator' in METRICS, nor has mmengine; it is in EVALUATOR",
            because="mmengine's own loop takes one evaluator: the list is one of metrics.",
        ),
        Invalid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_models'])
                default_scope = 'mmdet'
                model = dict(
                    type='OwnTeacher',
                    train_cfg=dict(rcnn=dict(assigner=dict(type='MaxIouAssigner'))),
                )
                val_dataloader = dict()
                """,
                "own_models.py": """
                from mmdet.models.detectors import RetinaNet
                from mmdet.registry import MODELS


                @MODELS.register_module()
                class OwnTeacher(RetinaNet):
                    pass
                """,
            },
            at=Spot(5, 49, 65),
            message="mmdet has no 'MaxIouAssigner', nor has mmengine",
            because="An assigner is built in any class.",
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet', train_cfg=dict(mode=dict(type='RetinaNett')))
            val_dataloader = dict()
            """,
            at=Spot(2, 62, 74),
            message="mmdet has no 'RetinaNett', nor has mmengine",
            because="RetinaNet is no class of the project.",
        ),
    ],
)
