"""YOLACT: the segmentation branch is a part of the mask head.

``segm_head`` was a head of its own; in 3.x ``mask_head`` builds it (``with_seg_branch``, on by
default) for its own classes and channels, and takes ``loss_segm``. Masks were cut at 0.5, a
number in the code of 2.x; 3.x reads ``mask_thr`` and ``mask_thr_binary`` of ``test_cfg``, so both
are written out. With ``use_ohem``, the default, 2.x used no ``sampler``; 3.x would.

Sources: mmdet 2.28.2, models/detectors/yolact.py, models/dense_heads/yolact_head.py
(``YOLACTSegmHead``, ``YOLACTProtonet.get_seg_masks``); mmdet 3.3.0,
models/dense_heads/yolact_head.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-31 yolact", "mmdet"
WRITES = ("model",)
AFTER: tuple[str, ...] = ()
EXAMPLES = (
    Example(
        "model = dict(type='YOLACT',\n"
        "    mask_head=dict(type='YOLACTProtonet', in_channels=256, num_classes=80),\n"
        "    segm_head=dict(type='YOLACTSegmHead', in_channels=256, num_classes=80,\n"
        "        loss_segm=dict(type='CrossEntropyLoss', use_sigmoid=True, loss_weight=2.0)),\n"
        "    test_cfg=dict(score_thr=0.05, iou_thr=0.5))\n",
        "model = dict(type='YOLACT',\n"
        "    mask_head=dict(type='YOLACTProtonet', in_channels=256, num_classes=80,\n"
        "        loss_segm=dict(type='CrossEntropyLoss', use_sigmoid=True, loss_weight=2.0)),\n"
        "    test_cfg=dict(score_thr=0.05, iou_thr=0.5, mask_thr=0.5, mask_thr_binary=0.5))\n",
    ),
    Example(  # A branch for other classes than the masks has.
        "model = dict(type='YOLACT',\n"
        "    mask_head=dict(type='YOLACTProtonet', in_channels=256, num_classes=80),\n"
        "    segm_head=dict(type='YOLACTSegmHead', in_channels=256, num_classes=3))\n",
        "model = dict(type='YOLACT',\n"
        "    mask_head=dict(type='YOLACTProtonet', in_channels=256, num_classes=80),\n"
        "    test_cfg=dict(mask_thr=0.5, mask_thr_binary=0.5))\n",
        ("UP210",),
    ),
    Example(
        "model = dict(type='YOLACT', bbox_head=dict(type='YOLACTHead'),\n"
        "    train_cfg=dict(sampler=dict(type='RandomSampler', num=9), debug=False))\n",
        "model = dict(type='YOLACT', bbox_head=dict(type='YOLACTHead'),\n"
        "    train_cfg=dict(debug=False), test_cfg=dict(mask_thr=0.5, mask_thr_binary=0.5))\n",
    ),
)
_CUT = 0.5
_DEFAULTS = {"num_classes": None, "in_channels": 256}


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Move the branch into the mask head."""
    model = old.part("model")
    if model is None or model.get("type") != "YOLACT":
        return
    target = new.child("model")
    _drop_sampler(model, old.top())
    beside = old.root.get("test_cfg")
    if "test_cfg" in model or not isinstance(beside, dict):
        _write_thresholds(model.get("test_cfg"), target)
    branch, masks = model.inside("segm_head"), model.inside("mask_head")
    if branch is None:
        if "segm_head" not in model:
            return
        yield Note("UP210", "segm_head is a part of mask_head in 3.x", ("model",), ("model",))
        model.leave_to_note("segm_head")
        return
    branch.drop("type", Reason.AUTOMATIC)
    below = target.child("mask_head")
    branch.move("loss_segm", below)
    for key, default in _DEFAULTS.items():
        if masks is not None and masks.get(key, default) == branch.get(key, default):
            branch.drop(key, Reason.AUTOMATIC)
        else:
            yield Note(
                "UP210",
                f"the segmentation branch has {key} of mask_head in 3.x",
                (*below.path, key),
                (*branch.path, key),
                f"It was {branch.leave_to_note(key)!r}.",
            )
    branch.drop("init_cfg", Reason.NO_EFFECT)
    branch.rest(below)


def _drop_sampler(model: Part, top: Part) -> None:
    head, settings = model.inside("bbox_head"), model.inside("train_cfg")
    settings = settings or top.inside("train_cfg")
    if head is not None and settings is not None and head.get("use_ohem", True) is True:
        settings.drop("sampler", Reason.NO_EFFECT)


def _write_thresholds(settings: object, target: New) -> None:
    if settings is not None and not isinstance(settings, dict):
        return
    below = target.child("test_cfg")
    for key in ("mask_thr", "mask_thr_binary"):
        if not isinstance(settings, dict) or key not in settings:
            below.put(key, _CUT)
