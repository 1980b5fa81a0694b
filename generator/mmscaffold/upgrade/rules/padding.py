"""``Pad`` moves into the preprocessor, which pads a whole batch.

| 2.x | 3.x |
| --- | --- |
| ``Pad(size_divisor=n)`` | ``pad_size_divisor`` of the preprocessor; that of the training wins |
| ``Pad(size=(h, w))`` of the training | ``BatchFixedSizePad(size=(h, w))`` in ``batch_augments`` |
| ``Pad(size=(n, n))`` of a test | ``pad_size_divisor=n``: no image is larger |
| ``Pad(size=(h, w))`` elsewhere | ``Pad(size=(w, h))`` |
| ``pad_to_square`` | stays |

A ``Pad`` before ``Normalize``, or one whose results are mixed with other images, stays where it
is. Its ``pad_val`` may be a whole number or a dict in 3.x: any other becomes a dict, of which 2.x
padded masks with the same. The preprocessor has one divisor and one value, those of the training:
where a test was padded otherwise, UP205 tells. A comment that names the old order of a size is
noted (UP112).

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/transforms.py (``Pad``); mmdet 3.3.0,
mmdet/models/data_preprocessors/data_preprocessor.py; mmcv 2.1.0, mmcv/transforms/processing.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.upgrade.data.pipelines import Pipeline, Step
from mmscaffold.upgrade.data.preprocessor import asked_preprocessor, batch_augment
from mmscaffold.upgrade.data.targets import collected
from mmscaffold.upgrade.data.transform_notes import TransformNotes
from mmscaffold.upgrade.data.turned_sizes import turn_size
from mmscaffold.upgrade.draft import sequence
from mmscaffold.upgrade.examples import at_test, trained
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-20 padding", "mmdet"
WRITES = ("model", "train_dataloader", "val_dataloader", "test_dataloader")
AFTER = ("UPR-16", "UPR-25 test-pipeline", "UPR-26 auto-augment", "UPR-30")
OF_DATA = True
_SPLITS = ("train", "val", "test")


@dataclass
class _Divisors:
    """What each split was padded to, and with.

    Attributes:
        found: The divisors, with where they were written; ``None`` for no padding.
        values: The values that images were padded with.
        staying: For a split that is still padded in its pipeline, the sides or their divisors
            there; empty where they are not known.
    """

    found: dict[str, tuple[Any, Origin | None] | None] = field(default_factory=dict)
    values: dict[str, int | float] = field(default_factory=dict)
    staying: dict[str, list[Any]] = field(default_factory=dict)

    def of(self, split: str) -> Any:
        known = self.found.get(split)
        return 1 if known is None else known[0]


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Move it, or turn its size round."""
    target = asked_preprocessor(old)
    divisors = _Divisors()
    sizes: list[Any] = []
    notes = TransformNotes()
    for pipeline in old.pipelines:
        if not pipeline.feeds and len(pipeline.steps):
            divisors.found.setdefault(pipeline.split, None)
        for steps, step in pipeline.all():
            if step.type != "Pad":
                continue
            is_last_size = steps is pipeline.steps and _may_move(pipeline, step)
            if is_last_size and step.get("size_divisor") is not None:
                divisors.found[pipeline.split] = (
                    step.get("size_divisor"),
                    origin_of(step.values, "size_divisor"),
                )
                _use_up(pipeline, step, divisors)
                steps.remove(step)
            elif (
                is_last_size
                and pipeline.split == "train"
                and sequence(step.get("size")) is not None
            ):
                sizes.append(step.get("size"))
                _fixed(old, step, target)
                _use_up(pipeline, step, divisors)
                steps.remove(step)
            elif is_last_size and _side(step) is not None and _fits(divisors, sizes, _side(step)):
                divisors.found[pipeline.split] = _side(step), None
                _use_up(pipeline, step, divisors)
                steps.remove(step)
            else:
                if steps is pipeline.steps and not pipeline.feeds:
                    divisors.staying[pipeline.split] = _sides(step)
                turn_size(notes, pipeline, step, "size")
                _value_by_kind(step, pads_masks="gt_masks" in collected(old))
    _write(divisors, target)
    yield from _told(divisors, sizes, target)
    yield from notes


def _may_move(pipeline: Pipeline, step: Step) -> bool:
    normalized_later = any(one.type == "Normalize" for one in pipeline.steps.following(step))
    return not (pipeline.feeds or normalized_later or step.get("pad_to_square")) and (
        _image_value(step) is not None
    )


def _sides(step: Step) -> list[Any]:
    """The sides of what the step makes, or what divides them; empty if they are not known."""
    divisor = step.get("size_divisor")
    return [divisor] if divisor is not None else [*(sequence(step.get("size")) or ())]


def _side(step: Step) -> int | None:
    """The side of a square that the step pads to."""
    size = sequence(step.get("size"))
    is_square = size is not None and len(size) == 2 and size[0] == size[1]
    return size[0] if is_square and size is not None and isinstance(size[0], int) else None


def _fits(divisors: _Divisors, sizes: list[Any], side: int | None) -> bool:
    """Whether the training lets all images be padded to multiples of a side."""
    known = divisors.found.get("train")
    return known[0] == side if known is not None else not sizes or _divide(side, sizes)


def _image_value(step: Step) -> int | float | None:
    """What the image is padded with; ``None`` if that is not one number."""
    value = step.get("pad_val", 0)
    if isinstance(value, dict):
        value = value.get("img", 0)
    several = sequence(value)
    if several is not None:
        value = several[0] if several and len(set(several)) == 1 else None
    return value if isinstance(value, int | float) else None


def _value_by_kind(step: Step, *, pads_masks: bool) -> None:
    """Write what is padded with as a dict, where 3.x would refuse it."""
    value = step.get("pad_val")
    if not isinstance(value, float) and sequence(value) is None:
        return
    origin = origin_of(step.values, "pad_val")
    made = CfgDict()
    made.put("img", value, origin)
    if pads_masks and value:
        made.put("masks", value, origin)
    step.turn("pad_val", made)


def _use_up(pipeline: Pipeline, step: Step, divisors: _Divisors) -> None:
    divisors.values[pipeline.split] = _image_value(step) or 0
    for key in step.part.unsaid():
        step.part.take(key)


def _fixed(old: OldConfig, step: Step, target: New | None) -> None:
    if target is not None:
        keys = collected(old)
        values: dict[str, Any] = {
            "type": "BatchFixedSizePad",
            "size": step.get("size"),
            "img_pad_value": _image_value(step),
            "pad_mask": "gt_masks" in keys,
        }
        if "gt_semantic_seg" in keys:
            values |= {"pad_seg": True, "seg_pad_value": 255}
        batch_augment(target, **values)


def _write(divisors: _Divisors, target: New | None) -> None:
    if target is None:
        return
    value = next((divisors.values[one] for one in _SPLITS if one in divisors.values), 0)
    if value:
        target.put("pad_value", value)
    for split in _SPLITS:
        known = divisors.found.get(split)
        if known is not None:
            target.values.put("pad_size_divisor", *known)
            return


def _told(divisors: _Divisors, sizes: list[Any], target: New | None) -> Iterator[Note]:
    if target is None:
        return
    padded = target.get("pad_value", 0)
    for split, value in divisors.values.items():
        if value != padded:
            yield Note(
                "UP205",
                f"images of {split} were padded with {value}; the preprocessor pads with {padded}",
                (*target.path, "pad_value"),
                ("data", split),
                "pad_value holds for the training, the validation and the test.",
            )
    written = target.get("pad_size_divisor", 1)
    for split in divisors.found:
        if divisors.of(split) == written:
            continue
        if split == "train" and sizes and _divide(written, sizes):
            continue
        staying = divisors.staying.get(split) if divisors.found[split] is None else None
        if staying and _divide(written, [staying]):
            continue
        if staying is not None:
            yield Note(
                "UP205",
                f"images of {split} are padded in their pipeline; the preprocessor pads them on, "
                f"to multiples of {written}",
                (*target.path, "pad_size_divisor"),
                ("data", split),
                "pad_size_divisor holds for the training, the validation and the test.",
            )
            continue
        was = "not padded" if divisors.found[split] is None else f"padded to {divisors.of(split)}"
        yield Note(
            "UP205",
            f"images of {split} were {was}; the preprocessor pads all to multiples of {written}",
            (*target.path, "pad_size_divisor"),
            ("data", split),
            "pad_size_divisor holds for the training, the validation and the test.",
        )


def _divide(divisor: Any, sizes: list[Any]) -> bool:
    return isinstance(divisor, int) and all(
        isinstance(one, int) and one % divisor == 0 for size in sizes for one in size
    )


_MODEL = "model = dict()\n"
_HEAD = "model = dict(data_preprocessor=dict(type='DetDataPreprocessor'"
EXAMPLES = (
    Example(
        "model = dict()\n"
        "data = dict(train=dict(pipeline=[dict(type='Pad', size=(640, 640))]),\n"
        "            test=dict(pipeline=[dict(type='Pad', size=(640, 640))]))\n",
        f"{_HEAD}, pad_size_divisor=640,\n"
        "    batch_augments=[dict(type='BatchFixedSizePad', size=(640, 640),\n"
        "                         img_pad_value=0, pad_mask=False)]))\n"
        "train_dataloader = dict(sampler=dict(type='DefaultSampler', shuffle=True),\n"
        "    batch_sampler=dict(type='AspectRatioBatchSampler'), dataset=dict(pipeline=[]))\n"
        "test_dataloader = dict(sampler=dict(type='DefaultSampler', shuffle=False),\n"
        "    dataset=dict(pipeline=[]))\n",
    ),
    Example(
        "model = dict()\n"
        "data = dict(train=dict(pipeline=[dict(type='Pad', size_divisor=32)]),\n"
        "            test=dict(pipeline=[dict(type='Pad', size_divisor=64)]))\n",
        f"{_HEAD}, pad_size_divisor=32))\n"
        "train_dataloader = dict(sampler=dict(type='DefaultSampler', shuffle=True),\n"
        "    batch_sampler=dict(type='AspectRatioBatchSampler'), dataset=dict(pipeline=[]))\n"
        "test_dataloader = dict(sampler=dict(type='DefaultSampler', shuffle=False),\n"
        "    dataset=dict(pipeline=[]))\n",
        ("UP205",),
    ),
    *(
        Example(
            "model = dict()\n"
            f"data = dict(train=dict(pipeline=[dict(type='Pad', {padded}, pad_val={shown})]),\n"
            "            test=dict(pipeline=[dict(type='Pad', size_divisor=32, pad_val=114)]))\n",
            f"{_HEAD},{value} pad_size_divisor=32{augments}))\n"
            "train_dataloader = dict(sampler=dict(type='DefaultSampler', shuffle=True),\n"
            "    batch_sampler=dict(type='AspectRatioBatchSampler'), dataset=dict(pipeline=[]))\n"
            "test_dataloader = dict(sampler=dict(type='DefaultSampler', shuffle=False),\n"
            "    dataset=dict(pipeline=[]))\n",
            codes,
        )
        for padded, shown, value, augments, codes in (
            ("size_divisor=32", 0, "", "", ("UP205",)),
            ("size_divisor=32", 114, " pad_value=114,", "", ()),
            ("size_divisor=32", 7, " pad_value=7,", "", ("UP205",)),
            (
                "size=(64, 96)",
                0,
                "",
                ", batch_augments=[dict(type='BatchFixedSizePad', size=(64, 96),"
                " img_pad_value=0, pad_mask=False)]",
                ("UP205",),
            ),
        )
    ),
    # What is padded in its pipeline need not be padded on.
    *(
        Example(
            "model = dict()\n"
            f"data = dict(train=dict(pipeline=[dict(type='Pad', {padded})]),\n"
            "            test=dict(pipeline=[dict(type='Pad', size_divisor=32)]))\n",
            f"{_HEAD}, pad_size_divisor=32))\n"
            "train_dataloader = dict(sampler=dict(type='DefaultSampler', shuffle=True),\n"
            "    batch_sampler=dict(type='AspectRatioBatchSampler'),\n"
            f"    dataset=dict(pipeline=[dict(type='Pad', {padded})]))\n"
            "test_dataloader = dict(sampler=dict(type='DefaultSampler', shuffle=False),\n"
            "    dataset=dict(pipeline=[]))\n",
            codes,
        )
        for padded, codes in (
            ("size=(64, 64), pad_val=dict(img=(1, 2, 3))", ()),
            ("pad_to_square=True", ("UP205",)),
        )
    ),
    # 3.x takes no other number than a whole one.
    *(
        at_test(
            f"dict(type='Pad', pad_to_square=True, pad_val={old})",
            f"dict(type='Pad', pad_to_square=True, pad_val={new})",
        )
        for old, new in (
            ("114.0", "dict(img=114.0)"),
            ("(1, 2, 3)", "dict(img=(1, 2, 3))"),
            ("114", "114"),
            ("dict(img=114.0)", "dict(img=114.0)"),
        )
    ),
    trained(
        "dict(type='Pad', pad_to_square=True, pad_val=7.5),"
        "dict(type='Collect', keys=['img', 'gt_masks'])",
        "dict(type='Pad', pad_to_square=True, pad_val=dict(img=7.5, masks=7.5)),"
        "dict(type='PackDetInputs')",
        before=_MODEL,
        after=f"{_HEAD}, pad_mask=True))\n",
    ),
    # Joined data sets are padded once.
    Example(
        "model = dict()\n"
        "data = dict(train=[dict(pipeline=[dict(type='Pad', size=(64, 96))]),\n"
        "                   dict(pipeline=[dict(type='Pad', size=(64, 96))])])\n",
        f"{_HEAD}, batch_augments=[dict(type='BatchFixedSizePad', size=(64, 96),\n"
        "                         img_pad_value=0, pad_mask=False)]))\n"
        "train_dataloader = dict(sampler=dict(type='DefaultSampler', shuffle=True),\n"
        "    batch_sampler=dict(type='AspectRatioBatchSampler'),\n"
        "    dataset=dict(type='ConcatDataset',\n"
        "                 datasets=[dict(pipeline=[]), dict(pipeline=[])]))\n",
    ),
    trained(
        "dict(type='Pad', size_divisor=32)",
        "",
        before=_MODEL,
        after=f"{_HEAD}, pad_size_divisor=32))\n",
    ),
    trained(
        "dict(type='Pad', size=(320, 640))",
        "",
        before=_MODEL,
        after=f"{_HEAD}, batch_augments=[dict(type='BatchFixedSizePad', size=(320, 640),"
        " img_pad_value=0, pad_mask=False)]))\n",
    ),
    at_test("dict(type='Pad', size=(320, 640))", "dict(type='Pad', size=(640, 320))"),
    at_test(
        "dict(type='Pad', pad_to_square=True, pad_val=dict(img=114))",
        "dict(type='Pad', pad_to_square=True, pad_val=dict(img=114))",
    ),
)
