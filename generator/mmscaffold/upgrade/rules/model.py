"""``model`` keeps its parts; what 3.x names or takes otherwise is renamed, moved or noted.

- ``pretrained`` of a detector is the ``init_cfg`` of its backbone (and of a shared head, which 2.x
  filled from the same checkpoint). ``pretrained=None`` is dropped: it was the default.
- ``train_cfg`` and ``test_cfg`` that stand beside the model, as before 2.8, belong to it. In 3.x,
  the keys of these names at top level are the loops.
- Names that 2.x had given up (``max_num``, ``nms_thr``, ``iou_thr``) get their later ones.
- The costs of a ``HungarianAssigner`` are a list. Where the old config named none, those of 2.x
  are written out: 3.x has no default.
- ``mmcls`` is ``mmpretrain``.

A class of the project's own is kept and noted (UP202): its code must be ported as well. An
argument that a class no longer takes is noted (UP210).

What families of detectors need besides is in rules of their own, which come first: this one
moves all that they leave.

Sources: mmdet 2.28.2, models/builder.py (``build_detector``), models/detectors/two_stage.py and
single_stage.py (``pretrained``), models/roi_heads/base_roi_head.py (``shared_head``),
core/bbox/assigners; mmdet 3.3.0, models.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.key_path import Key
from mmscaffold.project.family import Verdict
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.models.model_walk import Facts, ModelWalk
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import Example
from mmscaffold.upgrade.tables.mmdet_models import (
    GONE,
    MODELS,
    OLD_NAMES,
    SCOPE,
    SCOPES,
    SUPPRESSIONS,
    family_of_3x,
    in_3x,
    is_part_of_3x,
    names_class,
)
from mmscaffold.upgrade.tables.mmdet_names import is_own_name, taken

ID, PACKAGE = "UPR-30 model", "mmdet"
WRITES = ("model",)
AFTER = ("UPR-31",)
EXAMPLES = (
    Example(
        "model = dict(type='RetinaNet', pretrained='torchvision://resnet50',\n"
        "             backbone=dict(type='ResNet', depth=50))\n",
        "model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50,\n"
        "    init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet50')))\n",
    ),
    Example(  # From scratch stays from scratch.
        "model = dict(type='RetinaNet', pretrained=None,\n"
        "             backbone=dict(type='ResNet', depth=50, init_cfg=None))\n",
        "model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50, init_cfg=None))\n",
    ),
    Example(  # The shared head of C4 models was filled from the checkpoint as well.
        "model = dict(type='FasterRCNN', pretrained='a.pth', backbone=dict(type='ResNet'),\n"
        "             roi_head=dict(type='StandardRoIHead', shared_head=dict(type='ResLayer')))\n",
        "model = dict(type='FasterRCNN',\n"
        "    backbone=dict(type='ResNet', init_cfg=dict(type='Pretrained', checkpoint='a.pth')),\n"
        "    roi_head=dict(type='StandardRoIHead', shared_head=dict(type='ResLayer',\n"
        "        init_cfg=dict(type='Pretrained', checkpoint='a.pth'))))\n",
    ),
    Example(  # Before 2.8.
        "model = dict(type='RPN', pretrained=None)\n"
        "train_cfg = dict(rpn=dict(debug=False), rpn_proposal=dict(nms_pre=2000,\n"
        "    nms_post=2000, max_num=2000, nms_thr=0.7, min_bbox_size=0))\n"
        "test_cfg = dict(rpn=dict(nms=dict(type='nms', iou_thr=0.7), max_num=1000))\n",
        "model = dict(type='RPN', train_cfg=dict(rpn=dict(debug=False),\n"
        "    rpn_proposal=dict(nms_pre=2000, nms_post=2000, max_per_img=2000, min_bbox_size=0,\n"
        "                      nms=dict(type='nms', iou_threshold=0.7))),\n"
        "    test_cfg=dict(rpn=dict(nms=dict(type='nms', iou_threshold=0.7),\n"
        "                           max_per_img=1000)))\n",
    ),
    Example(
        "model = dict(train_cfg=dict(rcnn=[dict(assigner=dict(type='HungarianAssigner',\n"
        "    cls_cost=dict(type='FocalLossCost', weight=2.0)))]))\n",
        "model = dict(train_cfg=dict(rcnn=[dict(assigner=dict(type='HungarianAssigner',\n"
        "    match_costs=[dict(type='FocalLossCost', weight=2.0),\n"
        "                 dict(type='BBoxL1Cost', weight=1.0),\n"
        "                 dict(type='IoUCost', iou_mode='giou', weight=1.0)]))]))\n",
    ),
    Example(
        "model = dict(type='CenterNet', neck=dict(type='CTResNetNeck', in_channel=512),\n"
        "             bbox_head=dict(type='CenterNetHead', in_channel=64, feat_channel=64))\n",
        "model = dict(type='CenterNet', neck=dict(type='CTResNetNeck', in_channels=512),\n"
        "             bbox_head=dict(type='CenterNetHead', in_channels=64, feat_channels=64))\n",
    ),
    Example(
        "model = dict(type='MaskRCNN', backbone=dict(type='mmcls.ConvNeXt', arch='tiny'))\n",
        "model = dict(type='MaskRCNN', backbone=dict(type='mmpretrain.ConvNeXt', arch='tiny'))\n",
    ),
    Example(
        "model = dict(type='KnowledgeDistillationSingleStageDetector', teacher_config='a.py')\n",
        "model = dict(type='KnowledgeDistillationSingleStageDetector', teacher_config='a.py')\n",
        ("UP210",),
    ),
    Example(
        "model = dict(type='RetinaNet', neck=dict(type='MyNeck', width=3),\n"
        "             backbone=dict(type='ResNet', depht=50))\n",
        "model = dict(type='RetinaNet', neck=dict(type='MyNeck', width=3),\n"
        "             backbone=dict(type='ResNet', depht=50))\n",
        ("UP202", "UP210"),
    ),
    Example(  # A mode is no class.
        "model = dict(type='RetinaNet', backbone=dict(type='my_net_b2'),\n"
        "    neck=dict(type='my_fpn', upsample_cfg=dict(type='mine')),\n"
        "    bbox_head=[dict(loss_cls=dict(type='my_loss'))],\n"
        "    test_cfg=dict(nms=dict(type='my_nms')), train_cfg=dict(nms=dict(type='soft_nms')))\n",
        "model = dict(type='RetinaNet', backbone=dict(type='my_net_b2'),\n"
        "    neck=dict(type='my_fpn', upsample_cfg=dict(type='mine')),\n"
        "    bbox_head=[dict(loss_cls=dict(type='my_loss'))],\n"
        "    test_cfg=dict(nms=dict(type='my_nms')), train_cfg=dict(nms=dict(type='soft_nms')))\n",
        ("UP202",) * 4,
    ),
)


_DETECTOR = "backbone"
_TEACHER = "teacher_config"


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Move what the families left."""
    top = old.top()
    model = top.part("model")
    if model is None:
        top.move("model", new)
    facts = Facts(MODELS, _name, _judge, _settle, OLD_NAMES)
    walk = ModelWalk(facts, old.known_parts, old.ledger)
    if model is not None:
        yield from walk.move(model, new.child("model"))
    for key in _SETTINGS:
        if key in old.root and not is_loop(old.root[key]):
            yield from _move_beside(top, key, new, walk)


_SETTINGS = ("train_cfg", "test_cfg")
_OF_LOOPS = frozenset({"type", "by_epoch", "max_epochs", "max_iters", "val_interval"})


def is_loop(value: Any) -> bool:
    """Whether a top-level ``train_cfg`` or ``test_cfg`` is the loop of 3.x."""
    return isinstance(value, dict) and not _OF_LOOPS.isdisjoint(value)


def _move_beside(top: Part, key: str, new: New, walk: ModelWalk) -> Iterator[Note]:
    value = top.get(key)
    model = top.get("model")
    own = model.get(key) if isinstance(model, dict) else None
    if value is None:
        top.drop(key, Reason.DEFAULT)
    elif own is not None:
        top.leave_to_note(key)
        yield Note(
            "UP304",
            f"{key} stands in the model and beside it: 2.x refuses both",
            ("model", key),
            (key,),
            "Delete one of them.",
        )
    elif isinstance(value, CfgDict) and value:
        inner = top.part(key)
        assert inner is not None
        target = new.child("model")
        below = target.child(key) if key in target else New(CfgDict(), ("model", key))
        yield from walk.move(inner, below)
        target.values.put(key, below.values, origin_of(top.values, key))
    else:
        top.move(key, new.child("model"))


def _name(old: str) -> str:
    scope, dot, name = old.partition(".")
    return f"{SCOPES[scope]}.{name}" if dot and scope in SCOPES else old


def _settle(part: Part, new: New, is_setting: bool) -> Iterator[Note]:
    if "pretrained" in part and (_DETECTOR in part or part.path == ("model",)):
        yield from _pretrained(part, new)
    if is_setting:
        _suppression(part, new)
    if part.path == ("model",) and isinstance(part.get(_TEACHER), str):
        yield Note(
            "UP210",
            f"the config of the teacher must be one of 3.x as well: {part.get(_TEACHER)}",
            (*new.path, _TEACHER),
            (*part.path, _TEACHER),
            "Upgrade it, too; it is read when the detector is built.",
        )


def _pretrained(part: Part, new: New) -> Iterator[Note]:
    value = part.get("pretrained")
    backbone = part.get(_DETECTOR)
    if value is None or value is False or value == "":
        part.drop("pretrained", Reason.DEFAULT)
        return
    if not isinstance(backbone, CfgDict | None):
        part.move("pretrained", new)
        return
    if backbone is not None and backbone.get("init_cfg"):
        yield Note(
            "UP210",
            "2.x refused pretrained beside init_cfg; this is what pretrained said",
            (*new.path, _DETECTOR, "init_cfg"),
            (*part.path, "pretrained"),
            f"The init_cfg of the backbone was {backbone.get('init_cfg')!r}.",
        )
    part.take("pretrained")
    made = CfgDict(type="Pretrained")
    made.put("checkpoint", value, origin_of(part.values, "pretrained"))
    inner = part.inside(_DETECTOR)
    if inner is not None:
        # The checkpoint of the detector replaces what its backbone says.
        inner.drop("init_cfg", Reason.DEFAULT)
        inner.drop("pretrained", Reason.NO_EFFECT)
    new.child(_DETECTOR).put("init_cfg", made)
    shared = _shared_head(part)
    if shared is not None and not shared.get("init_cfg"):
        shared.drop("init_cfg", Reason.DEFAULT)
        shared.drop("pretrained", Reason.NO_EFFECT)
        new.child("roi_head").child("shared_head").put("init_cfg", made.copy())


def _shared_head(part: Part) -> Part | None:
    roi_head = part.inside("roi_head")
    return roi_head.inside("shared_head") if roi_head is not None else None


def _suppression(part: Part, new: New) -> None:
    """The way in which 2.x named the suppression of proposals at first."""
    if "nms_thr" in part and isinstance(part.get("nms"), CfgDict):
        part.drop("nms_thr", Reason.NO_EFFECT)
    elif "nms_thr" in part:
        below = new.child("nms")
        below.put("type", "nms")
        part.move("nms_thr", below, "iou_threshold")


def _is_own(name: str) -> bool:
    return name[:1].isupper() and "." not in name and is_own_name(name)


def _judge(part: Part, new: New, name: str, settled: frozenset[Key]) -> Iterator[Note]:
    """What there is to tell of a class."""
    at = (*new.path, "type")
    if part.path[-1:] == ("nms",):
        if name not in SUPPRESSIONS:
            yield Note(
                "UP202",
                f"nms has no {name} in 3.x",
                at,
                (*part.path, "type"),
                "mmcv looks for it in mmcv.ops.nms, and a fork had added it there: suppress boxes "
                "in a head of yours, or as " + " or ".join(sorted(SUPPRESSIONS)) + ".",
            )
        return
    found = in_3x(name)
    if found.verdict is Verdict.ABSENT:
        # What is no class of theirs may be a mode, such as ``carafe``, or an ``override`` by name.
        key = next((one for one in reversed(part.path) if isinstance(one, str)), None)
        is_class = name[:1].isupper() or names_class(key)
        if not is_class or is_part_of_3x(name):
            return
        why = "is not part of mmdet 3.x" if name in GONE else "is a class of your own"
        yield Note(
            "UP202",
            f"{name} {why}",
            at,
            (*part.path, "type"),
            "Register it with mmdet.registry, and port it to what its base takes in 3.x.",
        )
        return
    old = part.get("type")
    if found.verdict is Verdict.KNOWN and isinstance(old, str) and _is_own(old):
        message, help_ = taken(old)
        yield Note("UP202", message, at, (*part.path, "type"), help_)
        return
    built = family_of_3x().constructor(found)
    if built is None or built.is_open:
        return
    for key in new.values:
        if key == "type" or key not in part or key in settled or key in built.arguments:
            continue
        if not family_of_3x().is_popped(SCOPE, key):
            yield Note(
                "UP210",
                f"{name} takes no {key} in 3.x",
                (*new.path, key),
                (*part.path, key),
                "Delete it, or write what does the same.",
            )
