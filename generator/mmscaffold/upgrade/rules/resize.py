"""``Resize``: one size, one of several, or one of a range are three transforms in 3.x.

| 2.x | 3.x |
| --- | --- |
| ``img_scale`` of one size | ``Resize(scale=...)`` |
| several, ``multiscale_mode='value'`` | ``RandomChoiceResize(scales=...)`` |
| two, ``multiscale_mode='range'``: **its default** | ``RandomResize(scale=...)`` |
| ``ratio_range`` | ``RandomResize(scale=..., ratio_range=...)`` |
| ``bbox_clip_border`` | ``clip_object_border`` |
| ``override`` | gone: 3.x resizes as often as it is told |

``keep_ratio`` was True by default and is False in 3.x: it is written out. Both generations take
the larger number for the longer edge where the ratio is kept, and (w, h) where it is not.

In the pipeline of a ``MultiImageMixDataset``, mmdet 2.11 to 2.16 gave a ``Resize`` without a size
the ``dynamic_scale`` of that data set. 3.x builds none without a size (UP210).

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/transforms.py (``Resize``); mmcv 2.1.0,
mmcv/transforms/processing.py; mmdet 3.3.0, mmdet/datasets/transforms/transforms.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.containers import CfgList
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.upgrade.data.pipelines import Step
from mmscaffold.upgrade.data.transform_notes import TransformNotes
from mmscaffold.upgrade.draft import place, sequence
from mmscaffold.upgrade.examples import trained
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-22 resize", "mmdet"
WRITES = ("train_dataloader", "val_dataloader", "test_dataloader")
AFTER = ("UPR-16", "UPR-25 test-pipeline", "UPR-26 auto-augment", "UPR-20")
OF_DATA = True


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Choose the transform, and rename its arguments."""
    notes = TransformNotes()
    for pipeline, _, step in old.transforms("Resize"):
        if isinstance(step.get("img_scale"), Unknown):
            notes.add(
                "UP210", "could not tell whether this is one size or several",
                "Resize takes one; for several use RandomResize or RandomChoiceResize.",
                pipeline, step, "img_scale",
            )  # fmt: skip
        if _is_sizeless(step):
            if pipeline.dynamic_scale is None:
                notes.add(
                    "UP210", "Resize has no size, and 3.x needs one",
                    "2.x was given it by what came before: write scale=(w, h).", pipeline, step,
                )  # fmt: skip
            else:
                step.drop("img_scale", Reason.DEFAULT)
                place(step.values, "scale", *pipeline.dynamic_scale, after="type")
        if "scale" in step or "scale_factor" in step:
            step.drop("ratio_range", Reason.NO_EFFECT)
            step.drop("multiscale_mode", Reason.NO_EFFECT)
            name = "scale" if "scale" in step else "scale_factor"
        else:
            name = _choose(step)
        if "keep_ratio" not in step:
            place(step.values, "keep_ratio", True, None, after=name)
        step.rename("bbox_clip_border", "clip_object_border")
        step.drop("override", Reason.AUTOMATIC)
    yield from notes


def _is_sizeless(step: Step) -> bool:
    """Whether neither the step nor what tests in several sizes has one."""
    keys = ("img_scale", "ratio_range", "scale", "scale_factor")
    return all(step.get(key) is None for key in keys)


def _choose(step: Step) -> str:
    """Make of the step what its sizes ask for; what its argument is called then."""
    scales = step.get("img_scale")
    several = sequence(scales)
    if several is not None and several and sequence(several[0]) is None:
        several = None
    mode = step.use("multiscale_mode") or "range"
    if step.get("ratio_range", 0) is None:
        step.drop("ratio_range", Reason.DEFAULT)
    if "ratio_range" in step:
        step.become("RandomResize")
    elif several is not None and len(several) > 1:
        if mode == "value":
            step.become("RandomChoiceResize")
            step.rename("img_scale", "scales")
            return "scales"
        step.become("RandomResize")
        step.rename("img_scale", "scale")
        return "scale"
    if several is not None and len(several) == 1 and isinstance(several, CfgList):
        step.turn("img_scale", several[0], "scale")
    else:
        step.rename("img_scale", "scale")
    return "ratio_range" if "ratio_range" in step else "scale"


_DATA_SET = "type='CocoDataset', ann_file='a.json', pipeline=["
EXAMPLES = (
    trained(
        "dict(type='Resize', img_scale=(1333, 800))",
        "dict(type='Resize', scale=(1333, 800), keep_ratio=True)",
    ),
    trained(
        "dict(type='Resize', img_scale=[(1333, 640), (1333, 800)], keep_ratio=False)",
        "dict(type='RandomResize', scale=[(1333, 640), (1333, 800)], keep_ratio=False)",
    ),
    trained(
        "dict(type='Resize', img_scale=[(1333, 640), (1333, 800)], multiscale_mode='value')",
        "dict(type='RandomChoiceResize', scales=[(1333, 640), (1333, 800)], keep_ratio=True)",
    ),
    trained(
        "dict(type='Resize', img_scale=[(640, 480)], ratio_range=(0.5, 2), override=True)",
        "dict(type='RandomResize', scale=(640, 480), ratio_range=(0.5, 2), keep_ratio=True)",
    ),
    trained(
        "dict(type='Resize', keep_ratio=True)", "dict(type='Resize', keep_ratio=True)", "UP210"
    ),
    Example(
        "size = (640, 480)\n"
        f"data = dict(train=dict(type='MultiImageMixDataset', dataset=dict({_DATA_SET}]),\n"
        "    dynamic_scale=size, pipeline=[dict(type='Resize', keep_ratio=False),\n"
        "        dict(type='Resize', img_scale=(9, 8))]))\n",
        "train_dataloader = dict(batch_size=2, num_workers=2,\n"
        "    sampler=dict(type='DefaultSampler', shuffle=True),\n"
        f"    dataset=dict(type='MultiImageMixDataset', dataset=dict({_DATA_SET}],\n"
        "            filter_cfg=dict(filter_empty_gt=True, min_size=32)),\n"
        "        pipeline=[dict(type='Resize', scale=(640, 480), keep_ratio=False),\n"
        "            dict(type='Resize', scale=(9, 8), keep_ratio=True)]))\n",
    ),
    trained(
        "dict(type='Resize', img_scale=(640, 480), bbox_clip_border=False)",
        "dict(type='Resize', scale=(640, 480), clip_object_border=False, keep_ratio=True)",
    ),
)
