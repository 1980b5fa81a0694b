"""All other transforms stay, with ``backend_args`` for ``file_client_args``.

``denorm_bbox`` goes: the data set of OpenImages does that now. ``with_label=False`` goes: heads of
3.x want labels, and RPN makes all of them 0 itself. A transform that 3.x does not have
is yours, or is gone (UP202): those of 3.x derive from ``BaseTransform`` and have ``transform``
instead of ``__call__``; boxes are ``HorizontalBoxes``, labels ``gt_bboxes_labels``, ignored boxes
a flag in ``gt_ignore_flags``. An argument that a transform of 3.x does not take is kept, and noted
(UP210): it may say something that the old training did.

Sources: mmdet 3.3.0, mmdet/datasets/transforms; mmcv 2.1.0, mmcv/transforms; mmdet 2.28.2,
mmdet/datasets/pipelines.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.data.arguments import ADVICE, refusal, untaken
from mmscaffold.upgrade.data.data_sets import backend
from mmscaffold.upgrade.data.transform_notes import TransformNotes
from mmscaffold.upgrade.examples import trained
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.tables.mmdet_data import names_in_3x
from mmscaffold.upgrade.tables.mmdet_names import is_own_name, taken

ID, PACKAGE = "UPR-27 transforms", "mmdet"
WRITES = ("train_dataloader", "val_dataloader", "test_dataloader")
AFTER = (
    "UPR-16", "UPR-19", "UPR-20", "UPR-21", "UPR-22", "UPR-23", "UPR-24",
    "UPR-25 test-pipeline", "UPR-26",
)  # fmt: skip
OF_DATA = True


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Keep them, and tell of those that are not known."""
    notes = TransformNotes()
    known = names_in_3x("TRANSFORMS")
    for pipeline, _, step in old.transforms():
        backend(step)
        if step.type == "LoadAnnotations":
            step.drop("denorm_bbox", Reason.AUTOMATIC)
            if step.get("with_label") is False:
                step.drop("with_label", Reason.AUTOMATIC)
        if step.type in known and step.old_type and is_own_name(step.old_type):
            notes.add("UP202", *taken(step.old_type), pipeline, step, "type")
            step.finish()
            continue
        if step.type and step.type not in known:
            notes.add(
                "UP202", f"{step.type}: a transform of yours, or one that 3.x does not have",
                "Derive it from mmcv.transforms.BaseTransform: transform() for __call__(), "
                "gt_bboxes_labels for gt_labels; register it with mmdet.registry.TRANSFORMS.",
                pipeline, step, "type",
            )  # fmt: skip
        for key in untaken(step, "TRANSFORMS"):
            notes.add("UP210", refusal(step.type, key), ADVICE, pipeline, step, str(key))
        step.finish()
    yield from notes


EXAMPLES = (
    trained(
        "dict(type='LoadAnnotations', with_bbox=True, with_label=False)",
        "dict(type='LoadAnnotations', with_bbox=True)",
    ),
    trained(
        "dict(type='LoadImageFromFile', file_client_args=dict(backend='disk')),"
        "dict(type='LoadAnnotations', file_client_args=dict(backend='petrel'), denorm_bbox=True),"
        "dict(type='MyMix', alpha=0.3)",
        "dict(type='LoadImageFromFile'),"
        "dict(type='LoadAnnotations', backend_args=dict(backend='petrel')),"
        "dict(type='MyMix', alpha=0.3)",
        "UP202",
    ),
    trained(
        "dict(type='LoadAnnotations', with_bbox=True, normed_bbox=True),"
        "dict(type='RandomFlip', flip_ratio=0.5, by_level=3)",
        "dict(type='LoadAnnotations', with_bbox=True, normed_bbox=True),"
        "dict(type='RandomFlip', prob=0.5, by_level=3)",
        "UP210",
        "UP210",
    ),
)
