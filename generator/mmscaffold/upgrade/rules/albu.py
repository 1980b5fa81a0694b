"""``Albu``: the labels have other names in 3.x, and boxes carry a flag.

``label_fields`` names what goes with each box: ``gt_labels`` is ``gt_bboxes_labels`` now, and
``gt_ignore_flags`` must go with the boxes, or those that are cut away leave it too long.
``update_pad_shape`` is gone: 3.x does not keep that shape.

Sources: mmdet 2.28.2 and 3.3.0, ``Albu`` in mmdet/datasets/pipelines/transforms.py and
mmdet/datasets/transforms/transforms.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, origin_of
from mmscaffold.upgrade.data.pipelines import Step
from mmscaffold.upgrade.draft import sequence
from mmscaffold.upgrade.examples import trained
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New

ID, PACKAGE = "UPR-26 albu", "mmdet"
WRITES = ("train_dataloader", "val_dataloader", "test_dataloader")
AFTER = ("UPR-16", "UPR-25 test-pipeline", "UPR-26 auto-augment", "UPR-20")
OF_DATA = True
_NAMES = {"gt_labels": "gt_bboxes_labels", "gt_semantic_seg": "gt_seg_map"}
_FLAGS = "gt_ignore_flags"


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Rename the fields."""
    for _, _, step in old.transforms("Albu"):
        step.drop("update_pad_shape", Reason.AUTOMATIC)
        _fields(step)
        _keymap(step)
    yield from ()


def _fields(step: Step) -> None:
    boxes = step.part.part("bbox_params")
    fields = sequence(boxes.get("label_fields")) if boxes is not None else None
    if boxes is None or fields is None:
        if boxes is not None:
            boxes.rest(New(CfgDict()))
        return
    made = CfgList()
    for index, name in enumerate(fields):
        made.append(_NAMES.get(name, name) if isinstance(name, str) else name,
                    origin_of(fields, index))  # fmt: skip
    if _FLAGS not in made:
        made.append(_FLAGS)
    values = boxes.values.copy()
    values.put("label_fields", made, origin_of(boxes.values, "label_fields"))
    boxes.take("label_fields")
    boxes.rest(New(CfgDict()))
    step.values.put("bbox_params", values, origin_of(step.part.values, "bbox_params"))


def _keymap(step: Step) -> None:
    keymap = step.part.part("keymap")
    if keymap is None:
        return
    made = New(CfgDict())
    for key in list(keymap):
        keymap.move(key, made, _NAMES.get(str(key), key))
    step.values.put("keymap", made.values, origin_of(step.part.values, "keymap"))


EXAMPLES = (
    trained(
        "dict(type='Albu', transforms=[dict(type='Blur', p=0.1)], update_pad_shape=False,"
        " bbox_params=dict(type='BboxParams', format='pascal_voc', label_fields=['gt_labels']),"
        " keymap=dict(img='image', gt_bboxes='bboxes'))",
        "dict(type='Albu', transforms=[dict(type='Blur', p=0.1)],"
        " bbox_params=dict(type='BboxParams', format='pascal_voc',"
        "     label_fields=['gt_bboxes_labels', 'gt_ignore_flags']),"
        " keymap=dict(img='image', gt_bboxes='bboxes'))",
    ),
)
