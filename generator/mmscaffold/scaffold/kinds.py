"""The kinds of components that can be added to a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

BASE_MODULE = "BaseModule"
"""What a part of a model derives from that is written from scratch."""


@dataclass(frozen=True)
class Kind:
    """One kind of component.

    Attributes:
        name: What users call it.
        registry: The registry that it goes into.
        folder: The folder of a package that holds such classes by default.
        what: What it is, for its docstring and for messages.
        bases: What it derives from if nothing else is said, by the scope of the project; that
            of ``mmengine`` is for all scopes that are not listed.
        usage: The lines of a config that use it; ``{name}`` is the class, ``{base}`` its base,
            ``{in_head}`` and ``{in_loss}`` what a model has a head, and the loss of one, in.
        scratch: The bases that leave all to the class: it is written from scratch then.
        roots: The classes of which any class of this kind derives from one, by names alone;
            empty where there is none.
    """

    name: str
    registry: str
    folder: str
    what: str
    bases: Mapping[str, str]
    usage: str
    scratch: frozenset[str] = frozenset()
    roots: frozenset[str] = frozenset()

    def default_base(self, scope: str) -> str:
        """What it derives from in a project of a scope, as ``--base`` would name it."""
        return f"{scope}.{self.bases[scope]}" if scope in self.bases else self.bases["mmengine"]


def _part(name: str, folder: str, what: str, usage: str, **bases: str) -> Kind:
    """A part of a model."""
    return Kind(
        name,
        "MODELS",
        folder,
        what,
        {"mmengine": BASE_MODULE, **bases},
        usage,
        scratch=frozenset({BASE_MODULE}),
    )


_ALL = (
    Kind(
        "loop", "LOOPS", "engine", "a loop", {"mmengine": "EpochBasedTrainLoop"},
        "train_cfg = dict(type='{name}')",
        roots=frozenset({"BaseLoop"}),
    ),
    Kind(
        "runner", "RUNNERS", "engine", "a Runner", {"mmengine": "Runner"},
        "runner_type = '{name}'",
        roots=frozenset({"Runner", "FlexibleRunner"}),
    ),
    Kind(
        "hook", "HOOKS", "engine", "a hook", {"mmengine": "Hook"},
        "custom_hooks = [dict(type='{name}')]",
        roots=frozenset({"Hook"}),
    ),
    Kind(
        "scheduler", "PARAM_SCHEDULERS", "engine", "a scheduler", {"mmengine": "MultiStepLR"},
        "param_scheduler = [dict(type='{name}', milestones=[8, 11], by_epoch=True)]"
        "  # the arguments of {base}",
        roots=frozenset({"_ParamScheduler"}),
    ),
    Kind(
        "optim-wrapper-constructor", "OPTIM_WRAPPER_CONSTRUCTORS", "engine",
        "an optimizer wrapper constructor", {"mmengine": "DefaultOptimWrapperConstructor"},
        "optim_wrapper = dict(constructor='{name}')",
        roots=frozenset({"DefaultOptimWrapperConstructor"}),
    ),
    Kind(
        "model", "MODELS", "models", "a model",
        {
            "mmengine": "BaseModel", "mmdet": "RetinaNet", "mmseg": "EncoderDecoder",
            "mmpose": "TopdownPoseEstimator", "mmpretrain": "ImageClassifier",
        },
        "model = dict(type='{name}')",
        scratch=frozenset({"BaseModel"}),
    ),
    _part(
        "backbone", "models", "a backbone", "model = dict(backbone=dict(type='{name}'))",
        mmdet="ResNet", mmseg="ResNet", mmpose="ResNet", mmpretrain="ResNet",
    ),
    _part(
        "neck", "models", "a neck", "model = dict(neck=dict(type='{name}'))",
        mmdet="FPN", mmseg="FPN", mmpose="FPN", mmpretrain="GlobalAveragePooling",
    ),
    _part(
        "head", "models", "a head", "model = {in_head}",
        mmdet="RetinaHead", mmseg="FCNHead", mmpose="HeatmapHead", mmpretrain="LinearClsHead",
    ),
    _part(
        "loss", "models", "a loss", "model = {in_loss}",
        mmdet="FocalLoss", mmseg="CrossEntropyLoss", mmpose="KeypointMSELoss",
        mmpretrain="CrossEntropyLoss",
    ),
    Kind(
        "data-preprocessor", "MODELS", "models", "a data preprocessor",
        {
            "mmengine": "ImgDataPreprocessor", "mmdet": "DetDataPreprocessor",
            "mmseg": "SegDataPreProcessor", "mmpose": "PoseDataPreprocessor",
            "mmpretrain": "ClsDataPreprocessor",
        },
        "model = dict(data_preprocessor=dict(type='{name}'))",
    ),
    Kind(
        "transform", "TRANSFORMS", "datasets", "a transform", {"mmengine": "BaseTransform"},
        "train_pipeline = [..., dict(type='{name}'), ...]  # of the training set",
        scratch=frozenset({"BaseTransform"}),
        roots=frozenset({"BaseTransform"}),
    ),
    Kind(
        "dataset", "DATASETS", "datasets", "a data set",
        {
            "mmengine": "BaseDataset", "mmdet": "CocoDataset", "mmseg": "BaseSegDataset",
            "mmpose": "CocoDataset", "mmpretrain": "CustomDataset",
        },
        "train_dataloader = dict(dataset=dict(type='{name}'))",
        roots=frozenset({"BaseDataset", "ConcatDataset", "Dataset"}),
    ),
    Kind(
        "sampler", "DATA_SAMPLERS", "datasets", "a sampler", {"mmengine": "DefaultSampler"},
        "train_dataloader = dict(sampler=dict(type='{name}'))",
        roots=frozenset({"Sampler", "BatchSampler"}),
    ),
    Kind(
        "metric", "METRICS", "evaluation", "a metric", {"mmengine": "BaseMetric"},
        "val_evaluator = [dict(type='{name}')]  # beside the metrics that are there",
        scratch=frozenset({"BaseMetric"}),
        roots=frozenset({"BaseMetric"}),
    ),
    Kind(
        "vis-backend", "VISBACKENDS", "visualization", "a visualizer backend",
        {"mmengine": "LocalVisBackend"},
        "visualizer = dict(vis_backends=[dict(type='LocalVisBackend'), dict(type='{name}')])",
        scratch=frozenset({"BaseVisBackend"}),
        roots=frozenset({"BaseVisBackend"}),
    ),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}
"""Every kind, by its name."""

OF_MODELS = frozenset(kind.name for kind in _ALL if kind.registry == "MODELS")
"""The kinds that share one registry: what tells them apart is what they derive from, and where
their packages keep them."""
