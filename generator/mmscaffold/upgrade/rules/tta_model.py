"""``tta_model`` merges the boxes that the variants of an image give, as ``MultiScaleFlipAug`` did.

``DetTTAModel`` does it with what the last stage of the model does at a test. Masks cannot be
merged in 3.x.

Sources: mmdet 2.28.2, mmdet/models/detectors/base.py (``aug_test``); mmdet 3.3.0,
mmdet/models/test_time_augs/det_tta.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-25 tta-model", "mmdet"
WRITES = ("tta_model",)
AFTER = ("UPR-25 test-time-augmentation", "UPR-30")


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write it where there is a pipeline for it."""
    if "tta_pipeline" in new and old.part("model") is not None:
        new.put("tta_model", CfgDict(type="DetTTAModel", tta_cfg=_settings(new)))
    yield from ()


def _settings(new: New) -> CfgDict:
    """What merges the boxes: that of the model's last stage."""
    model = new.get("model")
    test = model.get("test_cfg") if isinstance(model, CfgDict) else None
    stage = test.get("rcnn", test.get("rpn", test)) if isinstance(test, CfgDict) else None
    made = CfgDict(nms=CfgDict(type="nms", iou_threshold=0.5), max_per_img=100)
    if isinstance(stage, CfgDict):
        for key in ("nms", "max_per_img"):
            if stage.get(key) is not None:
                made.put(key, stage[key], origin_of(stage, key))
    return made


EXAMPLES = (
    Example(
        "model = dict(test_cfg=dict(rcnn=dict(nms=dict(type='nms', iou_threshold=0.6))))\n"
        "data = dict(test=dict(pipeline=[dict(type='MultiScaleFlipAug', img_scale=(9, 8),\n"
        "    flip=True, transforms=[dict(type='Resize'), dict(type='RandomFlip')])]))\n",
        "tta_model = dict(type='DetTTAModel',\n"
        "    tta_cfg=dict(nms=dict(type='nms', iou_threshold=0.6), max_per_img=100))\n",
        ("UP201",),
    ),
)
