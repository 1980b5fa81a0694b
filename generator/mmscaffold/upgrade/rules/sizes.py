"""Sizes in which 2.x put the height first: 3.x puts the width first.

| transform | argument |
| --- | --- |
| ``Mosaic``, ``MixUp`` | ``img_scale`` |
| ``RandomAffine`` | ``border`` |
| ``RandomCrop`` | ``crop_size``, where it is absolute or a share of both sides |
| ``RandomCenterCropPad`` | ``crop_size`` |

``crop_size`` of ``absolute_range`` and ``relative_range`` keeps its order, and so do ``Resize``
and ``CutOut``. ``Pad`` has a rule of its own. A square stays as it is written. A comment that
names the old order is noted (UP112).

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/transforms.py; mmdet 3.3.0,
mmdet/datasets/transforms/transforms.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.upgrade.data.transform_notes import TransformNotes
from mmscaffold.upgrade.data.turned_sizes import turn_size
from mmscaffold.upgrade.examples import trained
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New

ID, PACKAGE = "UPR-24 sizes", "mmdet"
WRITES = ("train_dataloader", "val_dataloader", "test_dataloader")
AFTER = ("UPR-16", "UPR-25 test-pipeline", "UPR-26 auto-augment", "UPR-20")
OF_DATA = True
_SIZES: Mapping[str, str] = {
    "Mosaic": "img_scale",
    "MixUp": "img_scale",
    "RandomAffine": "border",
    "RandomCrop": "crop_size",
    "RandomCenterCropPad": "crop_size",
}


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Swap them."""
    notes = TransformNotes()
    for pipeline, _, step in old.transforms(*_SIZES):
        key = _SIZES[step.type]
        kind = step.get("crop_type", "absolute")
        if key not in step or (step.type == "RandomCrop" and kind in _RANGES):
            continue
        value = step.get(key)
        if isinstance(value, Unknown):
            notes.add(
                "UP210", f"{key} was (h, w); {step.type} takes (w, h) now",
                "Swap the two numbers where they are computed, if they differ.",
                pipeline, step, key,
            )  # fmt: skip
            continue
        turn_size(notes, pipeline, step, key)
    yield from notes


_RANGES = ("absolute_range", "relative_range")


EXAMPLES = (
    trained(
        "dict(type='RandomCrop', crop_size=(320, 640))",
        "dict(type='RandomCrop', crop_size=(640, 320))",
    ),
    trained(
        "dict(type='RandomCrop', crop_size=(0.3, 0.6), crop_type='relative')",
        "dict(type='RandomCrop', crop_size=(0.6, 0.3), crop_type='relative')",
    ),
    trained(
        "dict(type='RandomCrop', crop_size=(320, 640), crop_type='absolute_range')",
        "dict(type='RandomCrop', crop_size=(320, 640), crop_type='absolute_range')",
    ),
    trained(
        "dict(type='RandomCenterCropPad', crop_size=(320, 640)),"
        "dict(type='CutOut', n_holes=1, cutout_shape=(3, 4))",
        "dict(type='RandomCenterCropPad', crop_size=(640, 320)),"
        "dict(type='CutOut', n_holes=1, cutout_shape=(3, 4))",
    ),
    trained(
        "dict(type='Mosaic', img_scale=(320, 640)), dict(type='MixUp', img_scale=(320, 640)),"
        "dict(type='RandomAffine', border=(-160, -320))",
        "dict(type='Mosaic', img_scale=(640, 320)), dict(type='MixUp', img_scale=(640, 320)),"
        "dict(type='RandomAffine', border=(-320, -160))",
    ),
    trained(
        "dict(type='RandomCrop', crop_size=crop)",
        "dict(type='RandomCrop', crop_size=(640, 320))",
        "UP112",
        before="crop = (320, 640)  # H x W\n",
    ),
)
