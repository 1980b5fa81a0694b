"""``Mosaic``, ``MixUp`` and ``RandomAffine`` no longer filter boxes.

2.x filtered them only where ``skip_filter=False`` said so; then ``min_bbox_size``,
``min_area_ratio`` and ``max_aspect_ratio`` said which go, and UP210 tells that none do now.
``RandomShift`` calls its chance ``prob``.

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/transforms.py; mmdet 3.3.0,
mmdet/datasets/transforms/transforms.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.data.transform_notes import TransformNotes
from mmscaffold.upgrade.examples import trained
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New

ID, PACKAGE = "UPR-26 mixing", "mmdet"
WRITES = ("train_dataloader", "val_dataloader", "test_dataloader")
AFTER = ("UPR-16", "UPR-25 test-pipeline", "UPR-26 auto-augment", "UPR-20")
OF_DATA = True
_FILTERS = ("min_bbox_size", "min_area_ratio", "max_aspect_ratio")


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Remove the filters, and rename the chance of a shift."""
    notes = TransformNotes()
    for pipeline, _, step in old.transforms("Mosaic", "MixUp", "RandomAffine"):
        filters = step.get("skip_filter", True) is not True
        for key in _FILTERS:
            if filters:
                step.leave_to_note(key)
            else:
                step.drop(key, Reason.NO_EFFECT)
        if filters:
            step.leave_to_note("skip_filter")
            notes.add(
                "UP210", f"{step.type} filters no boxes in 3.x",
                "FilterAnnotations(min_gt_bbox_wh=...) behind it removes small ones.",
                pipeline, step, "skip_filter",
            )  # fmt: skip
        else:
            step.drop("skip_filter", Reason.DEFAULT)
    for _, _, step in old.transforms("RandomShift"):
        step.rename("shift_ratio", "prob")
    yield from notes


EXAMPLES = (
    trained("dict(type='Mosaic', min_bbox_size=5)", "dict(type='Mosaic')"),
    trained(
        "dict(type='MixUp', min_area_ratio=0.3, skip_filter=False)", "dict(type='MixUp')", "UP210"
    ),
    trained("dict(type='RandomShift', shift_ratio=0.3)", "dict(type='RandomShift', prob=0.3)"),
)
