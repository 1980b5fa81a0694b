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
preprocessor.

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/transforms.py (``Normalize``) and loading.py;
mmdet 3.3.0, mmdet/models/data_preprocessors; mmcv 2.1.0, mmcv/transforms/processing.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.containers import origin_of
from mmscaffold.upgrade.examples import trained
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.pipelines import Pipeline, Step
from mmscaffold.upgrade.preprocessor import preprocessor
from mmscaffold.upgrade.tables.mmdet_data import COMMUTES, LOADS_IMAGE
from mmscaffold.upgrade.transform_notes import TransformNotes

ID, PACKAGE = "UPR-20 normalize", "mmdet"
WRITES = ("model", "train_dataloader", "val_dataloader", "test_dataloader")
AFTER = ("UPR-16", "UPR-20 padding", "UPR-25 test-pipeline", "UPR-26 auto-augment", "UPR-30")


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Move it, or leave it where it is."""
    notes = TransformNotes()
    target = preprocessor(old, new)
    found = [
        (pipeline, step)
        for pipeline in old.pipelines
        for _, step in pipeline.all()
        if step.type == "Normalize"
    ]
    if found and _is_one(old, found):
        if target is not None:
            _write(found[0], target)
        for pipeline, step in found:
            for key in step.part.unsaid():
                step.part.take(key)
            pipeline.steps.remove(step)
    else:
        for pipeline, step in found:
            notes.add(
                "UP205", "Normalize stays: splits or what follows it do not allow one for all",
                "mean and std of the preprocessor are not set; each pipeline has its own.",
                pipeline, step,
            )  # fmt: skip
    for pipeline, _, step in old.transforms(*LOADS_IMAGE):
        _order_of_channels(step, pipeline, found, target, notes)
    yield from notes


def _is_one(old: OldConfig, found: list[tuple[Pipeline, Step]]) -> bool:
    """Whether each whole pipeline has one, all are the same, and nothing behind it minds."""
    whole = [pipeline for pipeline in old.pipelines if not pipeline.feeds and len(pipeline.steps)]
    if len(found) != len(whole) or {id(one) for one, _ in found} != {id(one) for one in whole}:
        return False
    if any(step not in pipeline.steps.steps for pipeline, step in found):
        return False
    values = [(step.get("mean"), step.get("std"), step.get("to_rgb", True)) for _, step in found]
    return all(one == values[0] for one in values) and all(
        one.type in COMMUTES for pipeline, step in found for one in pipeline.steps.following(step)
    )


def _write(found: tuple[Pipeline, Step], target: New) -> None:
    _, step = found
    for key in ("mean", "std"):
        step.part.move(key, target)
    if "to_rgb" in step.part:
        step.part.move("to_rgb", target, "bgr_to_rgb")
    else:
        target.put("bgr_to_rgb", True)


def _order_of_channels(
    step: Step,
    pipeline: Pipeline,
    found: list[tuple[Pipeline, Step]],
    target: New | None,
    notes: TransformNotes,
) -> None:
    """3.x always loads blue, green, red."""
    order = step.get("channel_order")
    if "channel_order" not in step:
        return
    if order != "rgb":
        step.drop("channel_order", Reason.DEFAULT)
        return
    step.leave_to_note("channel_order")
    if target is not None and "mean" in target and pipeline.split == "train":
        was = target.get("bgr_to_rgb")
        target.values.put("bgr_to_rgb", was is False, origin_of(target.values, "bgr_to_rgb"))
    stays = [one for at, one in found if at is pipeline and one in pipeline.steps.steps]
    for one in stays:
        turned = one.get("to_rgb", True) is False
        if "to_rgb" in one:
            one.turn("to_rgb", turned)
        else:
            one.add("to_rgb", turned)
    turns = "Normalize" if stays else "the preprocessor"
    notes.add(
        "UP210", f"2.x loaded RGB; 3.x loads BGR, which {turns} turns round",
        "Transforms of colours see BGR now, as they expect; check to_rgb of Normalize, or "
        "bgr_to_rgb of the preprocessor.",
        pipeline, step, "channel_order",
    )  # fmt: skip


_NORMALIZE = "dict(type='Normalize', mean=[1, 2, 3], std=[4, 5, 6]"
_MODEL = "model = dict()\n"
_HEAD = "model = dict(data_preprocessor=dict(type='DetDataPreprocessor'"
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
)
