"""Cascade RPN: a stage samples where its settings have a sampler.

``sampling=False`` of a stage kept it from using the ``sampler`` of its ``train_cfg``; 3.x has no
such argument, and uses what stands there. So the sampler of such a stage is dropped, and
``sampling`` with it.

Its head needs ``num_classes`` in 3.x. A two-stage detector hands it on, the detector ``RPN`` does
not: there it is written out.

Sources: mmdet 2.28.2 and 3.3.0, models/dense_heads/cascade_rpn_head.py; mmdet 3.3.0,
models/detectors/rpn.py and two_stage.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-31 cascade-rpn", "mmdet"
WRITES = ("model",)
AFTER: tuple[str, ...] = ()
EXAMPLES = (
    Example(
        "model = dict(type='RPN', rpn_head=dict(type='CascadeRPNHead', num_stages=2, stages=[\n"
        "        dict(type='StageCascadeRPNHead', sampling=False),\n"
        "        dict(type='StageCascadeRPNHead', sampling=True)]),\n"
        "    train_cfg=dict(rpn=[dict(sampler=dict(type='RandomSampler', num=256), debug=False),\n"
        "                        dict(sampler=dict(type='RandomSampler', num=256))]))\n",
        "model = dict(type='RPN', rpn_head=dict(type='CascadeRPNHead', num_stages=2, stages=[\n"
        "        dict(type='StageCascadeRPNHead'), dict(type='StageCascadeRPNHead')],\n"
        "        num_classes=1),\n"
        "    train_cfg=dict(rpn=[dict(debug=False),\n"
        "                        dict(sampler=dict(type='RandomSampler', num=256))]))\n",
    ),
    Example(
        "model = dict(type='FasterRCNN', rpn_head=dict(type='CascadeRPNHead', num_stages=2))\n",
        "model = dict(type='FasterRCNN', rpn_head=dict(type='CascadeRPNHead', num_stages=2))\n",
    ),
)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Drop what a stage did not use."""
    model = old.part("model")
    head = model.inside("rpn_head") if model is not None else None
    if model is None or head is None or head.get("type") != "CascadeRPNHead":
        return
    if model.get("type") == "RPN" and "num_classes" not in head:
        new.child("model").child("rpn_head").put("num_classes", 1)
    settings = model.inside("train_cfg") or old.top().inside("train_cfg")
    stages = head.elements_of("stages")
    for stage, setting in zip(
        stages, settings.elements_of("rpn") if settings is not None else (), strict=False
    ):
        if stage.get("sampling") is False:
            setting.drop("sampler", Reason.NO_EFFECT)
    yield from ()
