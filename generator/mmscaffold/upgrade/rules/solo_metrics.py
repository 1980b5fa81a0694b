"""SOLO: boxes are not measured.

SOLO and SOLOv2 find masks and no boxes. In both generations their results hold boxes of zeros, so
that ``bbox`` measures nothing: it was 0 in 2.x after each validation. Official configs of 3.x
leave it out, and so does this (UP101). Where ``save_best`` is set, it stays: the best checkpoint
may have been chosen by it.

Sources: mmdet 2.28.2, models/detectors/single_stage_instance_seg.py (``format_results``); mmdet
3.3.0, models/dense_heads/solo_head.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-31 solo-metrics", "mmdet"
WRITES = ("val_evaluator", "test_evaluator")
AFTER = ("UPR-28",)
_OLD = (
    "model = dict(type='%s')\n"
    "data = dict(val=dict(type='CocoDataset', ann_file='a.json'))\n"
    "evaluation = dict(metric=['bbox', 'segm']%s)\n"
)
_NEW = "val_evaluator = dict(type='CocoMetric', ann_file='a.json', metric=%s)\n"
EXAMPLES = (
    Example(_OLD % ("SOLOv2", ""), _NEW % "'segm'", ("UP101",)),
    Example(_OLD % ("SOLO", ", save_best='bbox_mAP'"), _NEW % "['bbox', 'segm']"),
    Example(_OLD % ("MaskRCNN", ""), _NEW % "['bbox', 'segm']"),
)
_TYPES = ("SOLO", "SOLOv2")
_BOXES = "bbox"


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Leave out the boxes."""
    model, evaluation = old.root.get("model"), old.root.get("evaluation")
    if not isinstance(model, dict) or model.get("type") not in _TYPES:
        return
    if isinstance(evaluation, dict) and evaluation.get("save_best") is not None:
        return
    told = False
    for key in WRITES:
        metric = new.get(key)
        if not isinstance(metric, CfgDict) or not _leave_out(metric):
            continue
        if not told:
            yield Note(
                "UP101",
                "bbox is left out: SOLO finds no boxes, and bbox was always 0",
                (key, "metric"),
                ("evaluation", "metric"),
                "Write metric=['bbox', 'segm'] to have it back.",
            )
        told = True


def _leave_out(metric: CfgDict) -> bool:
    kinds: Any = metric.get("metric")
    if not isinstance(kinds, CfgList | CfgTuple) or _BOXES not in kinds:
        return False
    left = [index for index, kind in enumerate(kinds) if kind != _BOXES]
    if not left:
        return False
    origins = [origin_of(kinds, index) for index in left]
    if len(left) == 1:
        metric.put("metric", kinds[left[0]], origins[0])
    else:
        made = CfgList([kinds[index] for index in left], origins)
        metric.put("metric", made, origin_of(metric, "metric"))
    return True
