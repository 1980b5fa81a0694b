"""FCOS: ``train_cfg`` had no effect, and 3.x would build of it.

The head of 2.x assigned points without reading ``train_cfg``. The same head in 3.x builds the
``assigner`` and ``sampler`` that stand there, and reads neither, so they are dropped.

Sources: mmdet 2.28.2, models/dense_heads/anchor_free_head.py and fcos_head.py; mmdet 3.3.0, the
same files.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-31 fcos", "mmdet"
WRITES = ("model",)
AFTER: tuple[str, ...] = ()
EXAMPLES = (
    Example(
        "model = dict(type='FCOS', bbox_head=dict(type='FCOSHead', num_classes=80),\n"
        "    train_cfg=dict(assigner=dict(type='MaxIoUAssigner', pos_iou_thr=0.5,\n"
        "                                 neg_iou_thr=0.4), debug=False))\n",
        "model = dict(type='FCOS', bbox_head=dict(type='FCOSHead', num_classes=80))\n",
    ),
)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Drop what the head did not read."""
    model = old.part("model")
    head = model.get("bbox_head") if model is not None else None
    if model is None or not isinstance(head, dict):
        return
    if model.get("type") == "FCOS" and head.get("type") == "FCOSHead":
        model.drop("train_cfg", Reason.NO_EFFECT)
    yield from ()
