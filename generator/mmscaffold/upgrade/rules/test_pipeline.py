"""``MultiScaleFlipAug``: a test pipeline of 3.x is as flat as one of the training.

Its ``transforms`` take its place, and ``Resize`` gets its ``img_scale``. Where it tried several
sizes or flipped, an ordinary validation or test of 3.x sees each image once, in the first size,
not flipped: rule UPR-25 test-time-augmentation writes what tries the others (UP201).

A ``RandomFlip`` within it only did what it was told. A ``Resize`` by the factor 1.0 before
``RandomCenterCropPad`` goes: the image keeps its size, and heads of key points read ``border``.

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/test_time_aug.py; mmdet 3.3.0,
mmdet/models/dense_heads/centernet_head.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgList, origin_of
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.upgrade.data.pipelines import Augmentation, Pipeline, Step, Steps
from mmscaffold.upgrade.data.transform_notes import TransformNotes
from mmscaffold.upgrade.draft import place, sequence
from mmscaffold.upgrade.examples import at_test
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New

ID, PACKAGE = "UPR-25 test-pipeline", "mmdet"
WRITES = ("train_dataloader", "val_dataloader", "test_dataloader")
AFTER = ("UPR-16",)
OF_DATA = True


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Flatten them."""
    notes = TransformNotes()
    for pipeline, steps, step in old.transforms("MultiScaleFlipAug"):
        inner = Steps.of(step.part, "transforms")
        if inner is None:
            continue
        augmentation = _augmentation(step, inner, pipeline, notes)
        steps.replace(step, inner.steps)
        is_varied = bool(augmentation.directions) or len(augmentation.scales) > 1
        if is_varied and steps is pipeline.steps and pipeline.augmentation is None:
            pipeline.augmentation = augmentation
        else:
            for flip in augmentation.flips:
                _forget(flip)
                steps.remove(flip)
        _drop_needless_resize(augmentation, steps)
        step.drop("type", Reason.AUTOMATIC)
        for key in step.part.unsaid():
            step.part.drop(key, Reason.NO_EFFECT)
    yield from notes


def _forget(flip: Step) -> None:
    for key in list(flip.part):
        flip.part.drop(key, Reason.NO_EFFECT)


def _augmentation(
    step: Step, inner: Steps, pipeline: Pipeline, notes: TransformNotes
) -> Augmentation:
    resizes = inner.named("Resize")
    resize = resizes[0] if resizes else None
    old_key = "img_scale" if step.get("img_scale") is not None else "scale_factor"
    key = "scale" if old_key == "img_scale" else "scale_factor"
    value = step.get(old_key)
    several = value if isinstance(value, CfgList) else None
    one = CfgList([value], [origin_of(step.values, old_key)])
    scales = one if several is None else several
    if resize is not None and scales:
        resize.drop("img_scale", Reason.NO_EFFECT)
        if several is None:
            step.part.move(old_key, New(resize.values, ()), key)
        else:
            step.part.take(old_key)
        place(resize.values, key, scales[0], scales.origins[0], after="type")
        if isinstance(value, Unknown):
            notes.add(
                "UP210", "could not tell whether this is one size or several",
                "Of several sizes, leave one; the others belong in tta_pipeline.",
                pipeline, step, old_key,
            )  # fmt: skip
    flips = inner.named("RandomFlip")
    flip = step.part.take("flip")
    wanted = flip if isinstance(flip, bool) else bool(flip) and not isinstance(flip, Unknown)
    directions: list[Any] = []
    if wanted and flips:
        directions = list(
            sequence(step.get("flip_direction")) or [step.get("flip_direction", "horizontal")]
        )
        step.part.take("flip_direction")
    return Augmentation(scales, key, directions, inner.steps, resize, flips)


def _drop_needless_resize(augmentation: Augmentation, steps: Steps) -> None:
    resize = augmentation.resize
    if resize is None or resize.get("scale_factor") != 1.0 or len(augmentation.scales) > 1:
        return
    if any(step.type == "RandomCenterCropPad" for step in augmentation.steps):
        for key in resize.part.unsaid():
            resize.part.drop(key, Reason.NO_EFFECT)
        steps.remove(resize)
        augmentation.resize = None


EXAMPLES = (
    at_test(
        "dict(type='LoadImageFromFile'),"
        "dict(type='MultiScaleFlipAug', img_scale=(1333, 800), flip=False, transforms=["
        "    dict(type='Resize', keep_ratio=False), dict(type='RandomFlip')])",
        "dict(type='LoadImageFromFile'),dict(type='Resize', scale=(1333, 800), keep_ratio=False)",
    ),
    at_test(
        "dict(type='MultiScaleFlipAug', scale_factor=1.0, flip=False, transforms=["
        "    dict(type='Resize'), dict(type='RandomCenterCropPad', test_mode=True)])",
        "dict(type='RandomCenterCropPad', test_mode=True)",
    ),
)
