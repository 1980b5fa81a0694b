"""``RandomFlip``: ``flip_ratio`` is ``prob`` now, and one without it goes.

A ``RandomFlip`` without ``flip_ratio`` only did what ``MultiScaleFlipAug`` told it; in 3.x, one
without ``prob`` is refused. Lists of chances and directions mean the same in both.

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/transforms.py (``RandomFlip``); mmcv 2.1.0,
mmcv/transforms/processing.py (``RandomFlip``).
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.examples import trained
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New

ID, PACKAGE = "UPR-23 flip", "mmdet"
WRITES = ("train_dataloader", "val_dataloader", "test_dataloader")
AFTER = ("UPR-16", "UPR-25 test-pipeline", "UPR-26 auto-augment", "UPR-20")
OF_DATA = True


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Rename the chance, or remove the transform."""
    for pipeline, steps, step in old.transforms("RandomFlip"):
        if pipeline.augmentation is not None and step in pipeline.augmentation.flips:
            continue
        if step.get("flip_ratio") is None:
            for key in list(step.part):
                step.part.drop(key, Reason.NO_EFFECT)
            steps.remove(step)
        else:
            step.rename("flip_ratio", "prob")
    yield from ()


EXAMPLES = (
    trained("dict(type='RandomFlip', flip_ratio=0.5)", "dict(type='RandomFlip', prob=0.5)"),
    trained(
        "dict(type='RandomFlip', flip_ratio=[0.3, 0.2], direction=['horizontal', 'vertical'])",
        "dict(type='RandomFlip', prob=[0.3, 0.2], direction=['horizontal', 'vertical'])",
    ),
    trained("dict(type='RandomFlip'), dict(type='CutOut', n_holes=1)",
            "dict(type='CutOut', n_holes=1)"),
)  # fmt: skip
