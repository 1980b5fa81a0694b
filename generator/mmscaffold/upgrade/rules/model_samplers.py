"""The ``sampler`` of a dense head, which 2.x used with some losses only.

| head | 2.x sampled |
| --- | --- |
| of anchors, ``SABLRetinaHead`` | unless with ``FocalLoss``, ``GHMC`` or ``QualityFocalLoss`` |
| ``RepPointsHead``, ``GARetinaHead``, ``GARPNHead`` | unless with ``FocalLoss`` |
| ``YOLOV3Head`` | always |
| ATSS, GFL, SSD, DETR, YOLOX and others; YOLACT with ``use_ohem`` | never |

3.x samples if there is a ``sampler``, and refuses one for DETR: it goes where it had no effect.

RepPoints, guided anchors and SABL with another loss divided their losses by the number of all
samples, though there was no sampler; 3.x divides by that of the positive ones. A
``RandomSampler`` that takes all of them makes 3.x do the same.

Sources: mmdet 2.28.2 and 3.3.0, models/dense_heads (``sampler``, ``sampling``), 3.3.0,
models/task_modules/samplers (``avg_factor``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import Example
from mmscaffold.upgrade.tables.mmdet_models import ANCHOR_HEAD, SAMPLING, UNSAMPLED_HEADS

ID, PACKAGE = "UPR-31 samplers", "mmdet"
WRITES = ("model",)
AFTER: tuple[str, ...] = ()
_PSEUDO = "PseudoSampler"
_TAKES_ALL = {
    "type": "RandomSampler",
    "num": 1_000_000_000,
    "pos_fraction": 1.0,
    "neg_pos_ub": -1,
    "add_gt_as_proposals": False,
}


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Drop the samplers that a dense head did not use."""
    model, top = old.part("model"), old.top()
    if model is None:
        return
    settings = model.inside("train_cfg") or top.inside("train_cfg")
    if settings is None or "type" in settings:
        return
    yield from _of_head(model.get("bbox_head"), settings, new, ())
    rpn = settings.inside("rpn")
    if rpn is not None:
        yield from _of_head(model.get("rpn_head"), rpn, new, ("rpn",))


def _of_head(head: Any, settings: Part, new: New, keys: tuple[str, ...]) -> Iterator[Note]:
    name = _bare(head)
    if name is None:
        return
    row = SAMPLING.get(name, ANCHOR_HEAD)
    loss = head.get("loss_cls")
    loss = _bare(loss) if isinstance(loss, dict) else row.loss
    sampler = _bare(settings.get("sampler"))
    never = name in UNSAMPLED_HEADS or (name == "YOLACTHead" and head.get("use_ohem", True))
    if never or loss in row.unsampled:
        settings.drop("sampler", Reason.NO_EFFECT)
    elif row.counts_all and sampler in (None, _PSEUDO):
        if sampler is not None:
            settings.take("sampler")
        target = new.child("model").child("train_cfg")
        for key in keys:
            target = target.child(key)
        target.put("sampler", CfgDict(_TAKES_ALL))
        message = f"{name} divided its losses by all samples: a sampler takes all of them"
        yield Note("UP102", message, (*target.path, "sampler"), settings.path)
    elif name == "YOLOV3Head" and sampler == _PSEUDO:
        # 3.x does so without one, and cannot build one for this head.
        settings.drop("sampler", Reason.DEFAULT)


def _bare(part: Any) -> str | None:
    """The name of the class of a part, without a scope."""
    name = part.get("type") if isinstance(part, dict) else None
    return name.rpartition(".")[2] if isinstance(name, str) else None


_RANDOM = "sampler=dict(type='RandomSampler', num=256)"


def _example(head: str, old: str, new: str, *codes: str) -> Example:
    start = f"model = dict(type='Any', bbox_head=dict({head}),\n    train_cfg=dict("
    assigner = "assigner=dict(type='MaxIoUAssigner')"
    return Example(
        f"{start}{assigner}{old}))\n",
        f"{start}{assigner}{new}))\n",
        (*codes, "UP202"),
    )


_ALL = (
    ", sampler=dict(type='RandomSampler', num=1000000000, pos_fraction=1.0,\n"
    "    neg_pos_ub=-1, add_gt_as_proposals=False)"
)
EXAMPLES = (
    _example("type='RetinaHead', loss_cls=dict(type='FocalLoss')", f", {_RANDOM}", ""),
    _example("type='RetinaHead', loss_cls=dict(type='GHMC')", f", {_RANDOM}", ""),
    _example(
        "type='RetinaHead', loss_cls=dict(type='SeesawLoss')", f", {_RANDOM}", f", {_RANDOM}"
    ),
    _example("type='RetinaHead'", "", ""),
    _example("type='ATSSHead', loss_cls=dict(type='CrossEntropyLoss')", f", {_RANDOM}", ""),
    _example("type='YOLACTHead'", f", {_RANDOM}", ""),
    _example("type='YOLACTHead', use_ohem=False", f", {_RANDOM}", f", {_RANDOM}"),
    _example("type='RepPointsHead'", f", {_RANDOM}", ""),
    _example("type='RepPointsHead', loss_cls=dict(type='FocalLoss')", f", {_RANDOM}", ""),
    _example("type='RepPointsHead', loss_cls=dict(type='GHMC')", f", {_RANDOM}", f", {_RANDOM}"),
    _example("type='RepPointsHead', loss_cls=dict(type='CrossEntropyLoss')", "", _ALL, "UP102"),
    _example(
        "type='GARetinaHead', loss_cls=dict(type='QualityFocalLoss')",
        f", {_RANDOM}",
        f", {_RANDOM}",
    ),
    _example("type='GARetinaHead'", ", sampler=dict(type='PseudoSampler')", _ALL, "UP102"),
    _example("type='SABLRetinaHead', loss_cls=dict(type='GHMC')", f", {_RANDOM}", ""),
    _example("type='SABLRetinaHead', loss_cls=dict(type='SeesawLoss')", "", _ALL, "UP102"),
    _example("type='YOLOV3Head', loss_cls=dict(type='FocalLoss')", f", {_RANDOM}", f", {_RANDOM}"),
    _example("type='YOLOV3Head'", ", sampler=dict(type='PseudoSampler')", ""),
    Example(
        "model = dict(type='FasterRCNN', rpn_head=dict(type='VFNetHead'), train_cfg=dict(\n"
        f"    rpn=dict(assigner=dict(type='A'), {_RANDOM}, debug=False), rcnn=dict({_RANDOM})))\n",
        "model = dict(type='FasterRCNN', rpn_head=dict(type='VFNetHead'), train_cfg=dict(\n"
        f"    rpn=dict(assigner=dict(type='A'), debug=False), rcnn=dict({_RANDOM})))\n",
        ("UP202",),
    ),
    Example(
        "model = dict(type='FasterRCNN', rpn_head=dict(type='GARPNHead'))\n"
        "train_cfg = dict(rpn=dict(assigner=dict(type='MaxIoUAssigner'), allowed_border=-1))\n",
        "model = dict(type='FasterRCNN', rpn_head=dict(type='GARPNHead'), train_cfg=dict(\n"
        f"    rpn=dict(assigner=dict(type='MaxIoUAssigner'), allowed_border=-1{_ALL})))\n",
        ("UP102",),
    ),
)
