"""``Normalize`` moves into the preprocessor of the model.

| 2.x | 3.x |
| --- | --- |
| ``mean``, ``std`` | ``model.data_preprocessor.mean``, ``std`` |
| ``to_rgb``, **True by default** | ``bgr_to_rgb``, False by default: it is written out |
| ``channel_order='rgb'`` of ``LoadImageFromFile`` | ``bgr_to_rgb`` the other way round |

The preprocessor does the same to all images, at the end. Where the splits were normalised
differently, or where something follows that sees the values of the image (``Expand``, ``Mosaic``,
a ``Pad`` that stays, a transform of yours), ``Normalize`` stays in each pipeline, and the
preprocessor has no mean (UP205).

A base without a model only loses its ``Normalize``: the config that has both gets the
preprocessor. Where none has, UP215 tells.

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/transforms.py (``Normalize``) and loading.py;
mmdet 3.3.0, mmdet/models/data_preprocessors; mmcv 2.1.0, mmcv/transforms/processing.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mmscaffold.config.evaluate.containers import origin_of
from mmscaffold.upgrade.data.pipelines import Pipeline, Step
from mmscaffold.upgrade.data.preprocessor import asked_preprocessor
from mmscaffold.upgrade.data.transform_notes import TransformNotes
from mmscaffold.upgrade.examples import trained
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example
from mmscaffold.upgrade.tables.mmdet_data import COMMUTES, LOADS_IMAGE

ID, PACKAGE = "UPR-20 normalize", "mmdet"
WRITES = ("model", "train_dataloader", "val_dataloader", "test_dataloader")
AFTER = ("UPR-16", "UPR-20 padding", "UPR-25 test-pipeline", "UPR-26 auto-augment", "UPR-30")
OF_DATA = True


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Move it, or leave it where it is."""
    notes = TransformNotes()
    target = asked_preprocessor(old)
    loaded = _loaded(old)
    found = [
        _Normalize(pipeline, step, _order_of(old, pipeline, loaded))
        for pipeline in old.pipelines
        for _, step in pipeline.all()
        if step.type == "Normalize"
    ]
    moves = bool(found) and _is_one(old, found)
    if moves:
        if target is not None:
            _write(found[0], target)
        for one in found:
            for key in one.step.part.unsaid():
                one.step.part.take(key)
            one.pipeline.steps.remove(one.step)
    else:
        for one in found:
            notes.add(
                "UP205", "Normalize stays: splits or what follows it do not allow one for all",
                "mean and std of the preprocessor are not set; each pipeline has its own.",
                one.pipeline, one.step,
            )  # fmt: skip
            _turn(one)
    if not found and target is not None and set(loaded.values()) == {True}:
        target.put("bgr_to_rgb", True)
    _tell_of_order(old, loaded, found, moves, notes)
    yield from notes


@dataclass(frozen=True)
class _Normalize:
    """A ``Normalize`` of a pipeline.

    Attributes:
        pipeline: The pipeline.
        step: The transform.
        rgb: Whether 2.x handed it red, green, blue; ``None`` is now this, now that.
    """

    pipeline: Pipeline
    step: Step
    rgb: bool | None

    @property
    def to_rgb(self) -> object:
        """What it must be told now that all is loaded as blue, green, red."""
        was = self.step.get("to_rgb", True)
        return not was if self.rgb and isinstance(was, bool) else was


def _loaded(old: OldConfig) -> dict[int, bool]:
    """For each pipeline that loads images, whether 2.x loaded them as red, green, blue."""
    return {
        id(pipeline): step.get("channel_order") == "rgb"
        for pipeline, _, step in old.transforms(*LOADS_IMAGE)
    }


def _order_of(old: OldConfig, pipeline: Pipeline, loaded: dict[int, bool]) -> bool | None:
    """The order of channels within a pipeline; a mixing one gets what others have loaded."""
    if id(pipeline) in loaded:
        return loaded[id(pipeline)]
    above = pipeline.path[:-1]
    orders = {
        loaded[id(one)]
        for one in old.pipelines
        if pipeline.mixes and id(one) in loaded and one.path[: len(above)] == above
    }
    return None if len(orders) > 1 else True in orders


def _is_one(old: OldConfig, found: list[_Normalize]) -> bool:
    """Whether each whole pipeline has one, all are the same, and nothing behind it minds."""
    whole = [pipeline for pipeline in old.pipelines if not pipeline.feeds and len(pipeline.steps)]
    with_one = {id(one.pipeline) for one in found}
    if len(found) != len(whole) or with_one != {id(one) for one in whole}:
        return False
    if any(one.rgb is None or one.step not in one.pipeline.steps.steps for one in found):
        return False
    values = [(one.step.get("mean"), one.step.get("std"), one.to_rgb) for one in found]
    return all(one == values[0] for one in values) and all(
        later.type in COMMUTES for one in found for later in one.pipeline.steps.following(one.step)
    )


def _write(found: _Normalize, target: New) -> None:
    part = found.step.part
    for key in ("mean", "std"):
        part.move(key, target)
    if "to_rgb" in part and not found.rgb:
        part.move("to_rgb", target, "bgr_to_rgb")
        return
    part.take("to_rgb")
    target.values.put("bgr_to_rgb", found.to_rgb, origin_of(part.values, "to_rgb"))


def _turn(found: _Normalize) -> None:
    """Have a ``Normalize`` that stays give what it gave."""
    if not found.rgb:
        return
    if "to_rgb" in found.step:
        found.step.turn("to_rgb", found.to_rgb)
    else:
        found.step.add("to_rgb", found.to_rgb)


def _tell_of_order(
    old: OldConfig,
    loaded: dict[int, bool],
    found: list[_Normalize],
    moves: bool,
    notes: TransformNotes,
) -> None:
    """3.x always loads blue, green, red."""
    mixed = any(one.rgb is None for one in found) or (not found and len(set(loaded.values())) > 1)
    for pipeline, _, step in old.transforms(*LOADS_IMAGE):
        order = step.get("channel_order")
        if "channel_order" not in step:
            continue
        if order != "rgb":
            step.drop("channel_order", Reason.DEFAULT)
            continue
        step.leave_to_note("channel_order")
        turns = "the preprocessor" if moves or not found else "Normalize"
        notes.add(
            "UP210",
            "2.x loaded RGB here and BGR elsewhere; 3.x loads BGR everywhere"
            if mixed
            else f"2.x loaded RGB; 3.x loads BGR, which {turns} turns round",
            "Transforms of colours see BGR now, as they expect; check to_rgb of Normalize, or "
            "bgr_to_rgb of the preprocessor.",
            pipeline, step, "channel_order",
        )  # fmt: skip


_NORMALIZE = "dict(type='Normalize', mean=[1, 2, 3], std=[4, 5, 6]"
_MODEL = "model = dict()\n"
_HEAD = "model = dict(data_preprocessor=dict(type='DetDataPreprocessor'"
_RGB = "dict(type='LoadImageFromFile', channel_order='rgb')"
_COCO = "type='CocoDataset', ann_file='a.json'"
_FILTER = "filter_cfg=dict(filter_empty_gt=True, min_size=32)"
_LOADER = (
    "train_dataloader = dict(batch_size=2, num_workers=2,\n"
    "    sampler=dict(type='DefaultSampler', shuffle=True), {}dataset=dict({}))\n"
)


def _joined(first: str, second: str, turned: bool) -> Example:
    """Two data sets in a row, each with its own pipeline."""
    old = [f"dict({_COCO}, pipeline=[{one}])" for one in (first, second)]
    new = f"dict({_COCO}, pipeline=[dict(type='LoadImageFromFile')], {_FILTER})"
    return Example(
        f"{_MODEL}data = dict(train=dict(type='ConcatDataset', datasets=[{old[0]}, {old[1]}]))\n",
        _LOADER.format(
            "batch_sampler=dict(type='AspectRatioBatchSampler'),",
            f"type='ConcatDataset', datasets=[{new}, {new}]",
        )
        + f"{_HEAD}, mean=[1, 2, 3], std=[4, 5, 6], bgr_to_rgb={turned}))\n",
        ("UP210",) * (("rgb" in first) + ("rgb" in second)),
    )


def _mixed(inner: str, outer: str, new: str, after: str, *codes: str) -> Example:
    """A data set that mixes images, with a pipeline of its own."""
    return Example(
        f"{_MODEL}data = dict(train=dict(type='MultiImageMixDataset', pipeline=[{outer}],\n"
        f"    dataset=dict({_COCO}, pipeline=[{inner}])))\n",
        _LOADER.format(
            "",
            f"type='MultiImageMixDataset', pipeline=[{new}],\n"
            f"dataset=dict({_COCO}, pipeline=[dict(type='LoadImageFromFile')], {_FILTER})",
        )
        + after,
        codes,
    )


EXAMPLES = (
    trained(
        f"{_NORMALIZE})",
        "",
        before=_MODEL,
        after=f"{_HEAD}, mean=[1, 2, 3], std=[4, 5, 6], bgr_to_rgb=True))\n",
    ),
    trained(
        f"{_NORMALIZE}, to_rgb=False), dict(type='RandomFlip', flip_ratio=0.5)",
        "dict(type='RandomFlip', prob=0.5)",
        before=_MODEL,
        after=f"{_HEAD}, mean=[1, 2, 3], std=[4, 5, 6], bgr_to_rgb=False))\n",
    ),
    trained(
        f"{_NORMALIZE}), dict(type='Expand', mean=[0, 0, 0])",
        f"{_NORMALIZE}), dict(type='Expand', mean=[0, 0, 0])",
        "UP205",
        before=_MODEL,
        after=f"{_HEAD}))\n",
    ),
    trained(
        f"dict(type='LoadImageFromFile', channel_order='rgb'), {_NORMALIZE}, to_rgb=False)",
        "dict(type='LoadImageFromFile')",
        "UP210",
        before=_MODEL,
        after=f"{_HEAD}, mean=[1, 2, 3], std=[4, 5, 6], bgr_to_rgb=True))\n",
    ),
    *(
        trained(
            f"dict(type='LoadImageFromFile', channel_order='rgb'), {_NORMALIZE}{old}),"
            "dict(type='Expand')",
            f"dict(type='LoadImageFromFile'), {_NORMALIZE}, to_rgb={new}), dict(type='Expand')",
            "UP205",
            "UP210",
            before=_MODEL,
            after=f"{_HEAD}))\n",
        )
        for old, new in (("", False), (", to_rgb=True", False), (", to_rgb=False", True))
    ),
    trained(
        f"{_RGB}, dict(type='RandomFlip', flip_ratio=0.5)",
        "dict(type='LoadImageFromFile'), dict(type='RandomFlip', prob=0.5)",
        "UP210",
        before=_MODEL,
        after=f"{_HEAD}, bgr_to_rgb=True))\n",
    ),
    _joined(f"{_RGB}, {_NORMALIZE})", f"{_RGB}, {_NORMALIZE})", False),
    _joined(f"{_RGB}, {_NORMALIZE}, to_rgb=False)", f"{_RGB}, {_NORMALIZE}, to_rgb=False)", True),
    _joined(
        f"{_RGB}, {_NORMALIZE}, to_rgb=False)",
        f"dict(type='LoadImageFromFile'), {_NORMALIZE})",
        True,
    ),
    _mixed(
        _RGB,
        f"dict(type='RandomFlip', flip_ratio=0.5), {_NORMALIZE})",
        "dict(type='RandomFlip', prob=0.5)",
        f"{_HEAD}, mean=[1, 2, 3], std=[4, 5, 6], bgr_to_rgb=False))\n",
        "UP210",
    ),
    _mixed(
        _RGB,
        f"{_NORMALIZE}, to_rgb=False), dict(type='Expand')",
        f"{_NORMALIZE}, to_rgb=True), dict(type='Expand')",
        f"{_HEAD}))\n",
        "UP205",
        "UP210",
    ),
)
