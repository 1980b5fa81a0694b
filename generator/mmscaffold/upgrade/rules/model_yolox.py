"""YOLOX: images change their size in the data preprocessor, not in the detector.

2.x resized each batch to a random multiple of ``size_multiplier`` (32) between the two of
``random_size_range`` (15 to 25), every ``random_size_interval`` (10) iterations; it did so by
default. In 3.x a ``BatchSyncRandomResize`` of the preprocessor's ``batch_augments`` does it, and
takes its range in pixels. ``input_size`` was the size that it took the images for: it gave their
aspect, and boxes were scaled by what they were of it. 3.x measures the images; where these are of
another size, UP210 tells.

Sources: mmdet 2.28.2, models/detectors/yolox.py; mmdet 3.3.0,
models/data_preprocessors/data_preprocessor.py (``BatchSyncRandomResize``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgTuple, origin_of
from mmscaffold.upgrade.data.preprocessor import batch_augment
from mmscaffold.upgrade.draft import sequence
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-31 yolox", "mmdet"
WRITES = ("model",)
AFTER: tuple[str, ...] = ()
_SQUARE = "dict(type='Resize', img_scale={}), dict(type='Pad', pad_to_square=True)"
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
    *(
        Example(
            f"model = dict(type='YOLOX', input_size={said})\n"
            f"data = dict(train=dict(dataset=dict(pipeline=[{images}])))\n",
            "model = dict(type='YOLOX', data_preprocessor=dict(type='DetDataPreprocessor',\n"
            "    batch_augments=[dict(type='BatchSyncRandomResize',\n"
            "        random_size_range=(480, 800), size_divisor=32, interval=10)]))\n",
            codes,
        )
        for said, images, codes in (
            ("(384, 640)", _SQUARE.format("(384, 640)"), ("UP210",)),
            ("(416, 416)", _SQUARE.format("(640, 640)"), ("UP210",)),
            ("(416, 416)", _SQUARE.format("(416, 416)"), ()),
            ("(384, 640)", "dict(type='Resize', img_scale=(640, 384), keep_ratio=False)", ()),
            ("(384, 640)", "", ("UP210",)),
        )
    ),
)
_RANGE, _MULTIPLE, _INTERVAL = (15, 25), 32, 10
_SIZE = CfgTuple.make([640, 640])


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
    yield from _told_of_size(old, model)
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


def _told_of_size(old: OldConfig, model: Part) -> Iterator[Note]:
    """A note if the images of the training are not of the size that 2.x took them for."""
    train = old.part("data", "train")
    said = model.get("input_size", _SIZE)
    height, width = sequence(said) or (None, None)
    if train is None or not isinstance(height, int) or not isinstance(width, int):
        return
    shown = _size_of_images(train)
    if shown == (height, width) or (shown is None and height == width):
        return
    theirs = "their own size" if shown is None else f"their {shown[0]} x {shown[1]}"
    model.leave_to_note("input_size")
    yield Note(
        "UP210",
        f"2.x took images for {height} x {width} (h x w); 3.x takes {theirs}",
        ("model", "data_preprocessor"),
        ("model", "input_size"),
        "2.x resized to the aspect of input_size and scaled boxes by it, so that these missed "
        "their objects in images of another size. Pad them to the size you meant.",
    )


def _size_of_images(train: Part) -> tuple[int, int] | None:
    """Height and width of the images of a batch; ``None`` if they are not known."""
    found: Part | None = train
    while found is not None and sequence(found.get("pipeline")) is None:
        found = found.part("dataset")
    resized: Any = None
    shown: Any = None
    for step in found.parts("pipeline") if found is not None else ():
        if step.get("type") == "Resize":
            resized, shown = sequence(step.get("img_scale")), None
            if resized is not None and step.get("keep_ratio", True) is False:
                shown = tuple(reversed(resized))
        elif step.get("type") == "Pad":
            shown = sequence(step.get("size"))
            if step.get("pad_to_square") is True and resized is not None:
                whole = all(isinstance(one, int) for one in resized)
                shown = (max(resized),) * 2 if whole else None
    if shown is None or len(shown) != 2 or not all(isinstance(one, int) for one in shown):
        return None
    return shown[0], shown[1]


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
