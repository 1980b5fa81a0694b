"""``SegRescale``: the semantic head makes its target smaller itself.

``FusedSemanticHead`` (HTC) takes it to 1/8, unless ``seg_scale_factor`` says otherwise, which is
written where 2.x did something else. ``PanopticFPNHead`` takes it to the size of what it predicts.

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/transforms.py (``SegRescale``); mmdet 3.3.0,
mmdet/models/roi_heads/mask_heads/fused_semantic_head.py and
mmdet/models/seg_heads/panoptic_fpn_head.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-19 seg-rescale", "mmdet"
WRITES = ("model",)
AFTER = ("UPR-19 pack", "UPR-30")
_HEAD, _ARGUMENT, _DEFAULT = "FusedSemanticHead", "seg_scale_factor", 1 / 8


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Tell the head."""
    for pipeline in old.pipelines:
        if pipeline.split != "train" or pipeline.seg_scale is None or "model" not in new:
            continue
        factor, origin = pipeline.seg_scale
        if factor != _DEFAULT:
            made = _told(new.get("model"), factor, origin)
            new.values.put("model", made, origin_of(new.values, "model"))
    yield from ()


def _told(value: Any, factor: Any, origin: Origin | None) -> Any:
    """The same model, in which the head has the factor; what lies in the old config is copied."""
    if not isinstance(value, CfgDict):
        return value
    made = value.copy()
    for key, item in value.items():
        told = _told(item, factor, origin)
        if told is not item:
            made.put(key, told, origin_of(value, key))
    if value.get("type") == _HEAD:
        made.put(_ARGUMENT, factor, origin)
    return made


EXAMPLES = (
    Example(
        "model = dict(roi_head=dict(semantic_head=dict(type='FusedSemanticHead')))\n"
        "data = dict(train=dict(pipeline=[dict(type='SegRescale', scale_factor=0.25)]))\n",
        "model = dict(data_preprocessor=dict(type='DetDataPreprocessor'), roi_head=dict(\n"
        "    semantic_head=dict(type='FusedSemanticHead', seg_scale_factor=0.25)))\n",
    ),
)
