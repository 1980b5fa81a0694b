"""Masks and semantic maps that the training collects are padded by the preprocessor.

``pad_mask`` pads the masks as the images of the batch; ``pad_seg`` the maps, with 255: what
``DefaultFormatBundle`` did in 2.x.

3.x always hands ignored boxes to the assigners. 2.x did only if ``Collect`` took
``gt_bboxes_ignore``: where it did not, and an assigner has an ``ignore_iof_thr`` above 0, UP206
tells.

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/formatting.py (``DefaultFormatBundle``); mmdet
3.3.0, mmdet/models/data_preprocessors/data_preprocessor.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.walk import dicts, dicts_in
from mmscaffold.upgrade.data.preprocessor import preprocessor
from mmscaffold.upgrade.data.targets import collected
from mmscaffold.upgrade.examples import trained
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New

ID, PACKAGE = "UPR-21 targets", "mmdet"
WRITES = ("model",)
AFTER = ("UPR-16", "UPR-20", "UPR-30")


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write what is padded."""
    target = preprocessor(old, new)
    keys = collected(old)
    if target is not None and "gt_masks" in keys:
        target.put("pad_mask", True)
    if target is not None and "gt_semantic_seg" in keys:
        target.put("pad_seg", True)
        target.put("seg_pad_value", 255)
    if keys and "gt_bboxes_ignore" not in keys:
        yield from _told_of_ignored(old)


def _told_of_ignored(old: OldConfig) -> Iterator[Note]:
    """A note if an assigner would mind the ignored boxes that the training never saw."""
    for key in ("model", "train_cfg"):
        if not any(map(_minds, dicts_in(old.root.get(key)))):
            continue
        for path, one in dicts(old.root.get(key), (key,)):
            if _minds(one):
                yield Note(
                    "UP206",
                    "ignored boxes count for this assigner now; 2.x did not collect them",
                    (*path, "ignore_iof_thr"),
                    (*path, "ignore_iof_thr"),
                    "Set ignore_iof_thr=-1 to train as 2.x did.",
                )
                return


def _minds(assigner: dict[Any, Any]) -> bool:
    """Whether what is built of a dict minds ignored boxes."""
    least = assigner.get("ignore_iof_thr")
    return isinstance(least, int | float) and least > 0


EXAMPLES = (
    trained(
        "dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_masks', 'gt_semantic_seg'])",
        "dict(type='PackDetInputs')",
        before="model = dict()\n",
        after="model = dict(data_preprocessor=dict(type='DetDataPreprocessor',\n"
        "    pad_mask=True, pad_seg=True, seg_pad_value=255))\n",
    ),
)
