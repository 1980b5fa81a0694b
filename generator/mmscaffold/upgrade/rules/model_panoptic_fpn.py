"""Panoptic FPN: the thresholds of its boxes are those of its RoI head.

In 2.x the detector cut scores and suppressed boxes itself, with ``test_cfg.panoptic``, and
``test_cfg.rcnn`` had no effect. In 3.x the RoI head does it with ``test_cfg.rcnn``, and the fusion
head reads only ``mask_overlap`` and ``stuff_area_limit`` of ``test_cfg.panoptic``.

Sources: mmdet 2.28.2, models/detectors/panoptic_two_stage_segmentor.py (``simple_test``); mmdet
3.3.0, the same file and models/seg_heads/panoptic_fusion_heads/heuristic_fusion_head.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-31 panoptic-fpn", "mmdet"
WRITES = ("model",)
AFTER: tuple[str, ...] = ()
EXAMPLES = (
    Example(
        "model = dict(type='PanopticFPN', test_cfg=dict(rpn=dict(nms_pre=1000),\n"
        "    rcnn=dict(score_thr=0.05, nms=dict(type='nms', iou_threshold=0.4),\n"
        "              max_per_img=10, mask_thr_binary=0.4),\n"
        "    panoptic=dict(score_thr=0.6, max_per_img=100, mask_thr_binary=0.5,\n"
        "        mask_overlap=0.5, stuff_area_limit=4096,\n"
        "        nms=dict(type='nms', iou_threshold=0.5, class_agnostic=True))))\n",
        "model = dict(type='PanopticFPN', test_cfg=dict(rpn=dict(nms_pre=1000),\n"
        "    rcnn=dict(score_thr=0.6, max_per_img=100, mask_thr_binary=0.5,\n"
        "              nms=dict(type='nms', iou_threshold=0.5, class_agnostic=True)),\n"
        "    panoptic=dict(mask_overlap=0.5, stuff_area_limit=4096)))\n",
    ),
)
_TYPES = ("PanopticFPN", "TwoStagePanopticSegmentor")
_OF_BOXES = ("score_thr", "max_per_img", "mask_thr_binary", "nms")


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Move the thresholds to where 3.x reads them."""
    model = old.part("model")
    settings = model.inside("test_cfg") if model is not None else None
    if model is None or settings is None or model.get("type") not in _TYPES:
        return
    panoptic = settings.inside("panoptic")
    if panoptic is None:
        return
    rcnn = settings.inside("rcnn")
    below = new.child("model").child("test_cfg").child("rcnn")
    for key in list(rcnn or ()):
        if rcnn is not None:
            rcnn.drop(key, Reason.NO_EFFECT)
    for key in _OF_BOXES:
        panoptic.move(key, below)
    yield from ()
