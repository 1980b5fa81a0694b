"""YOLOX: images change their size in the data preprocessor, not in the detector.

2.x resized each batch to a random multiple of ``size_multiplier`` (32) between the two of
``random_size_range`` (15 to 25), every ``random_size_interval`` (10) iterations; it did so by
default. In 3.x a ``BatchSyncRandomResize`` of the preprocessor's ``batch_augments`` does it, and
takes its range in pixels. ``input_size`` was the size that it started from; 3.x takes that of the
images.

Sources: mmdet 2.28.2, models/detectors/yolox.py; mmdet 3.3.0,
models/data_preprocessors/data_preprocessor.py (``BatchSyncRandomResize``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgTuple, origin_of
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.preprocessor import batch_augment
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-31 yolox", "mmdet"
WRITES = ("model",)
AFTER: tuple[str, ...] = ()
EXAMPLES = (
    Example(
        "model = dict(type='YOLOX', input_size=(640, 640), random_size_range=(10, 20),\n"
        "             random_size_interval=5)\n",
        "model = dict(type='YOLOX', data_preprocessor=dict(type='DetDataPreprocessor',\n"
        "    batch_augments=[dict(type='BatchSyncRandomResize', random_size_range=(320, 640),\n"
        "                         size_divisor=32, interval=5)]))\n",
    ),
    Example(  # What 2.x did by default.
        "model = dict(type='YOLOX', size_multiplier=16)\n",
        "model = dict(type='YOLOX', data_preprocessor=dict(type='DetDataPreprocessor',\n"
        "    batch_augments=[dict(type='BatchSyncRandomResize', random_size_range=(240, 400),\n"
        "                         size_divisor=16, interval=10)]))\n",
    ),
)
_RANGE, _MULTIPLE, _INTERVAL = (15, 25), 32, 10


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the batch augmentation."""
    model = old.part("model")
    if model is None or model.get("type") != "YOLOX":
        return
    size = _range(model)
    if size is None:
        yield Note(
            "UP210",
            "random_size_range is that of a BatchSyncRandomResize in 3.x",
            ("model", "data_preprocessor"),
            ("model", "random_size_range"),
            "Write batch_augments of the data_preprocessor, with the range in pixels.",
        )
        return
    model.drop("input_size", Reason.AUTOMATIC)
    for key in ("random_size_range", "size_multiplier"):
        model.take(key)
    below = new.child("model").child("data_preprocessor")
    below.put("type", "DetDataPreprocessor")
    batch_augment(below, type="BatchSyncRandomResize", random_size_range=size)
    made = below.get("batch_augments")[-1]
    _put(made, "size_divisor", model, "size_multiplier", _MULTIPLE)
    _put(made, "interval", model, "random_size_interval", _INTERVAL)
    model.take("random_size_interval")


def _range(model: Part) -> CfgTuple | None:
    size = model.get("random_size_range", _RANGE)
    multiple = model.get("size_multiplier", _MULTIPLE)
    if not isinstance(size, list | tuple) or not isinstance(multiple, int):
        return None
    if len(size) != 2 or not all(isinstance(one, int) for one in size):
        return None
    return CfgTuple.make([one * multiple for one in size])


def _put(made: CfgDict, key: str, model: Part, old: str, default: Any) -> None:
    made.put(key, model.get(old, default), origin_of(model.values, old))
