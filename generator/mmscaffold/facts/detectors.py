"""What the detectors of mmdet train on and what they give, by the classes that say so."""

from __future__ import annotations

import enum
from collections.abc import Mapping


class Detector(enum.Enum):
    """How a detector is made up."""

    TWO_STAGE = "roi_head gives boxes, and masks with a mask_head"
    DENSE = "bbox_head gives what it gives"
    INSTANCES = "mask_head gives masks"
    QUERIES = "panoptic_head; test_cfg says what it gives"
    PANOPTIC = "what it gives is not told here"


_DETECTORS = "mmdet.models.detectors"
DETECTORS: Mapping[str, Detector] = {
    f"{_DETECTORS}.two_stage.TwoStageDetector": Detector.TWO_STAGE,
    f"{_DETECTORS}.single_stage.SingleStageDetector": Detector.DENSE,
    # Both of the kinds of DETR and DINO: their heads give boxes.
    f"{_DETECTORS}.base_detr.DetectionTransformer": Detector.DENSE,
    f"{_DETECTORS}.single_stage_instance_seg.SingleStageInstanceSegmentor": Detector.INSTANCES,
    f"{_DETECTORS}.maskformer.MaskFormer": Detector.QUERIES,
    f"{_DETECTORS}.panoptic_two_stage_segmentor.TwoStagePanopticSegmentor": Detector.PANOPTIC,
}
"""By the class, or the base, whose ``loss`` and ``predict`` those are."""

PREPROCESSOR = "mmdet.models.data_preprocessors.data_preprocessor.DetDataPreprocessor"
"""It hands on the annotations as they are; those of BoxInst make masks of boxes."""

_ROI = "mmdet.models.roi_heads"
ROI_HEADS: Mapping[str, bool] = {
    f"{_ROI}.base_roi_head.BaseRoIHead": True,
    # Their loss, or what they give, has no masks at all.
    f"{_ROI}.multi_instance_roi_head.MultiInstanceRoIHead": False,
    f"{_ROI}.trident_roi_head.TridentRoIHead": False,
}
"""The RoI heads, and whether all of them train a ``mask_head`` that they have."""

_DENSE = "mmdet.models.dense_heads"
MASK_HEADS = frozenset(
    {
        f"{_DENSE}.base_mask_head.BaseMaskHead",
        f"{_DENSE}.maskformer_head.MaskFormerHead",
        f"{_DENSE}.rtmdet_ins_head.RTMDetInsHead",
        f"{_ROI}.mask_heads.fcn_mask_head.FCNMaskHead",
    }
)
"""The heads whose loss reads ``gt_instances.masks`` of every image."""

DENSE_HEADS: Mapping[str, bool | None] = {
    f"{_DENSE}.base_dense_head.BaseDenseHead": False,
    f"{_DENSE}.detr_head.DETRHead": False,
    f"{_DENSE}.rtmdet_ins_head.RTMDetInsHead": True,
    f"{_DENSE}.condinst_head.CondInstBboxHead": None,
    f"{_DENSE}.maskformer_head.MaskFormerHead": None,
    f"{_DENSE}.yolact_head.YOLACTHead": None,
}
"""The heads that a detector has as its ``bbox_head``, and whether they give masks."""

FUSION_HEAD = (
    "mmdet.models.seg_heads.panoptic_fusion_heads.maskformer_fusion_head.MaskFormerFusionHead"
)
FUSED: Mapping[str, tuple[bool, frozenset[str]]] = {
    "panoptic_on": (True, frozenset({"panoptic"})),
    "instance_on": (False, frozenset({"boxes", "masks"})),
}
"""The keys of ``test_cfg`` that it reads, their defaults, and what each makes it give."""
