"""Parts of mmdet 2.28.2's models that are named otherwise, or take other arguments, in mmdet 3.x.

Sources: the constructors of mmdet 2.28.2 and mmcv 1.7.2, against those of mmdet 3.3.0 and mmcv
2.1.0; each row says more. ``tests/upgrade/test_mmdet_models.py`` holds them against the tables
of the 3.x classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from mmscaffold.project.family import Family, Found, Verdict
from mmscaffold.upgrade.ledger import Reason


@dataclass(frozen=True)
class Gathered:
    """Arguments that became the elements of one list.

    Attributes:
        name: The list.
        parts: The old arguments in the order of the list, with what 2.x built without them.
    """

    name: str
    parts: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class ModelRow:
    """What changed of one class.

    Attributes:
        type: Its name in 3.x, where it is another one.
        renamed: Arguments with their new names.
        lost: Arguments that 3.x does not take, with why they may go.
        refused: Arguments without which 3.x does something else, with what the note says.
        gathered: Arguments that became one list.
    """

    type: str | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    lost: Mapping[str, Reason] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    gathered: Gathered | None = None


def _renamed(**names: str) -> ModelRow:
    return ModelRow(renamed=names)


_CLASSIFICATION = {"type": "ClassificationCost", "weight": 1.0}
_GIOU = {"type": "IoUCost", "iou_mode": "giou", "weight": 1.0}

MODELS: Mapping[str, ModelRow] = {
    # models/necks/ct_resnet_neck.py, models/dense_heads/centernet_head.py
    "CTResNetNeck": _renamed(in_channel="in_channels"),
    "CenterNetHead": _renamed(in_channel="in_channels", feat_channel="feat_channels"),
    # models/necks/nas_fpn.py: kept as an attribute that nothing reads
    "NASFPN": ModelRow(lost={"add_extra_convs": Reason.NO_EFFECT}),
    # models/dense_heads/cascade_rpn_head.py: 3.x samples where train_cfg has a sampler
    "StageCascadeRPNHead": ModelRow(lost={"sampling": Reason.AUTOMATIC}),
    # core/bbox/assigners/hungarian_assigner.py: assign() adds the three
    "HungarianAssigner": ModelRow(
        gathered=Gathered(
            "match_costs",
            {
                "cls_cost": _CLASSIFICATION,
                "reg_cost": {"type": "BBoxL1Cost", "weight": 1.0},
                "iou_cost": _GIOU,
            },
        )
    ),
    # core/bbox/assigners/mask_hungarian_assigner.py
    "MaskHungarianAssigner": ModelRow(
        type="HungarianAssigner",
        gathered=Gathered(
            "match_costs",
            {
                "cls_cost": _CLASSIFICATION,
                "mask_cost": {"type": "FocalLossCost", "weight": 1.0, "binary_input": True},
                "dice_cost": {"type": "DiceCost", "weight": 1.0},
            },
        ),
    ),
    # models/dense_heads/yolo_head.py: 3.x always initializes the head as 2.x did by default
    "YOLOV3Head": ModelRow(refused={"init_cfg": "3.x always initializes this head itself"}),
    # models/seg_heads/panoptic_fpn_head.py: num_classes had to be num_stuff_classes + 1
    "PanopticFPNHead": ModelRow(
        lost={"num_classes": Reason.NO_EFFECT},
        refused={
            "fg_range": "its length is num_things_classes in 3.x",
            "bg_range": "its length is num_stuff_classes in 3.x",
        },
    ),
}
"""By the name in mmdet 2.x."""

SCOPES: Mapping[str, str] = {"mmcls": "mmpretrain"}
"""Packages that others of their parts are taken from, with their new names."""

GONE: frozenset[str] = frozenset(
    {
        "AscendAnchorHead", "AscendMaxIoUAssigner", "AscendRetinaHead", "AscendSSDHead",
        "DeformableDetrTransformer", "Transformer", "YOLACTSegmHead",
    }
)  # fmt: skip
"""Parts of models that 3.x does not have."""

OLD_NAMES: Mapping[str, str] = {"max_num": "max_per_img"}
"""Keys of ``train_cfg`` and ``test_cfg`` of a model with their later names.

mmdet 2.28.2, core/post_processing/merge_augs.py and models/dense_heads/ga_rpn_head.py still took
them.
"""


@dataclass(frozen=True)
class SamplingRow:
    """When a dense head of 2.x used the ``sampler`` of its settings.

    Attributes:
        unsampled: The losses of classes with which it did not.
        loss: The loss that it has if the config names none.
        counts_all: Whether its losses were divided by the number of all its samples with any
            other loss, though there be no sampler. 3.x divides by that of the positive ones.
    """

    unsampled: frozenset[str] = frozenset({"FocalLoss", "GHMC", "QualityFocalLoss"})
    loss: str = "CrossEntropyLoss"
    counts_all: bool = False


_FOCAL_ONLY = frozenset({"FocalLoss"})
ANCHOR_HEAD = SamplingRow()
# models/dense_heads/anchor_head.py, and what others make of it
SAMPLING: Mapping[str, SamplingRow] = {
    "RepPointsHead": SamplingRow(_FOCAL_ONLY, "FocalLoss", counts_all=True),
    "GuidedAnchorHead": SamplingRow(_FOCAL_ONLY, counts_all=True),
    "GARetinaHead": SamplingRow(_FOCAL_ONLY, counts_all=True),
    "GARPNHead": SamplingRow(_FOCAL_ONLY, counts_all=True),
    "SABLRetinaHead": SamplingRow(loss="FocalLoss", counts_all=True),
    "YOLOV3Head": SamplingRow(frozenset()),
}
"""By the name of the head; all others are as ``ANCHOR_HEAD``, or sample never."""

UNSAMPLED_HEADS = frozenset(
    {
        "ATSSHead", "DDODHead", "DETRHead", "DeformableDETRHead", "GFLHead", "LADHead", "LDHead",
        "PAAHead", "PISASSDHead", "SSDHead", "TOODHead", "VFNetHead", "YOLOXHead",
    }
)  # fmt: skip
"""Dense heads of 2.x that sampled nothing, whatever their loss and ``sampler``."""

SUPPRESSIONS = frozenset({"nms", "soft_nms", "nms_match", "nms_rotated", "nms_quadri"})
"""What ``type`` of ``nms`` may say: functions of mmcv/ops/nms.py, where ``batched_nms`` looks for
them (mmcv 2.1.0)."""

_CLASSES = frozenset(
    {
        "model", "backbone", "neck", "assigner", "sampler", "bbox_coder", "anchor_generator",
        "prior_generator", "iou_calculator", "transformer",
    }
)  # fmt: skip


def names_class(key: object) -> bool:
    """Whether ``type`` at some key of a model names a class, and never a mode such as ``carafe``.

    Args:
        key: The key of the dict, or of the list that holds it.
    """
    return isinstance(key, str) and (
        key in _CLASSES
        or key.startswith("loss_")
        or key.endswith(("_head", "_backbone", "_neck", "_roi_extractor"))
    )


SCOPE = "mmdet"
_PACKAGES = ("mmdet", "mmcv", "mmengine")


@cache
def family_of_3x() -> Family:
    """The classes of 3.x by their tables: an upgrade is the same whatever is installed."""
    return Family(lambda _: None)


def in_3x(name: str) -> Found:
    """What the registries of 3.x have under a name."""
    return family_of_3x().find(SCOPE, None, name)


def is_part_of_3x(name: object) -> bool:
    """Whether 3.x has a class of a name, in a registry or, as those of mmcv.ops, in none."""
    if not isinstance(name, str):
        return False
    family = family_of_3x()
    return in_3x(name).verdict in (Verdict.KNOWN, Verdict.THERE) or any(
        table.named(name) for package in _PACKAGES for table in family.tables(package)
    )
