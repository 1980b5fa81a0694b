"""Masks and semantic maps that the training collects are padded by the preprocessor.

``pad_mask`` pads the masks as the images of the batch; ``pad_seg`` the maps, with 255: what
``DefaultFormatBundle`` did in 2.x.

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/formatting.py (``DefaultFormatBundle``); mmdet
3.3.0, mmdet/models/data_preprocessors/data_preprocessor.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.examples import trained
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.preprocessor import preprocessor
from mmscaffold.upgrade.targets import collected

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
    yield from ()


EXAMPLES = (
    trained(
        "dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_masks', 'gt_semantic_seg'])",
        "dict(type='PackDetInputs')",
        before="model = dict()\n",
        after="model = dict(data_preprocessor=dict(type='DetDataPreprocessor',\n"
        "    pad_mask=True, pad_seg=True, seg_pad_value=255))\n",
    ),
)
