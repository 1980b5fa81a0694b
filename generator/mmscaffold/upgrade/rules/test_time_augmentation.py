"""Test-time augmentation is a pipeline of its own: ``tta_pipeline``.

What ``MultiScaleFlipAug`` tried of each image, ``TestTimeAug`` tries; ``tta_model`` merges what
was found. It runs with ``tools/test.py --tta``; an ordinary validation or test of 3.x sees each
image once, so that its figures are lower than those of 2.x (UP201). Of two augmented splits, the
test decides.

``RandomFlip`` stands where it stood, but before ``RandomCenterCropPad``: boxes are flipped back
by the size of the original image. Masks cannot be merged in 3.x.

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/test_time_aug.py; mmdet 3.3.0,
mmdet/models/test_time_augs/det_tta.py and tools/test.py; mmcv 2.1.0,
mmcv/transforms/processing.py (``TestTimeAug``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.upgrade.data.pipelines import Augmentation, Pipeline, Step
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-25 test-time-augmentation", "mmdet"
WRITES = ("tta_pipeline", "val_dataloader", "test_dataloader")
AFTER = (
    "UPR-16", "UPR-19", "UPR-20", "UPR-21", "UPR-22", "UPR-23", "UPR-24", "UPR-26", "UPR-27",
    "UPR-30",
)  # fmt: skip
OF_DATA = True
_FLIP_KEYS = ("flip", "flip_direction")


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write what tries the others, and leave each pipeline with one variant."""
    augmented = [one for one in old.pipelines if one.augmentation is not None]
    # A split may have several data sets, each with a pipeline.
    firsts = {one.split: one for one in reversed(augmented)}
    chosen = firsts.get("test", firsts.get("val"))
    if chosen is not None:
        new.put("tta_pipeline", _pipeline(chosen))
    for pipeline in augmented:
        assert pipeline.augmentation is not None
        for step in pipeline.augmentation.flips:
            pipeline.steps.remove(step)
    if chosen is not None:
        splits = " and ".join(split for split in ("val", "test") if split in firsts)
        yield Note(
            "UP201",
            f"{splits}: no augmentation now; run tools/test.py --tta for it",
            ("tta_pipeline",),
            chosen.path,
            "tta_pipeline and tta_model do what MultiScaleFlipAug did, for boxes only.",
        )


def _pipeline(pipeline: Pipeline) -> CfgList:
    augmentation = pipeline.augmentation
    assert augmentation is not None
    steps = list(pipeline.steps)
    varied = [step for step in steps if step in augmentation.steps or _is_made(step, steps)]
    made = CfgList()
    for step in steps:
        if step in varied:
            break
        made.append(step.values, step.origin)
    variants = CfgList()
    for choice in _choices(augmentation, varied):
        variants.append(CfgList(choice))
    made.append(CfgDict(type="TestTimeAug", transforms=variants))
    return made


def _is_made(step: Step, steps: list[Step]) -> bool:
    """Whether a rule added it, which it did before the last transform."""
    return step.origin is None and step is not steps[0]


def _choices(augmentation: Augmentation, steps: list[Step]) -> list[list[CfgDict]]:
    flips = _flips(augmentation) if augmentation.flips else []
    crops = any(step.type == "RandomCenterCropPad" for step in steps)
    choices: list[list[CfgDict]] = [flips] if crops and flips else []
    for step in steps:
        if step in augmentation.flips:
            if not crops and step is augmentation.flips[0]:
                choices.append(flips)
        elif step is augmentation.resize:
            choices.append(_sizes(augmentation, step))
        else:
            choices.append([_with_flips(step, augmentation)])
    return choices


def _flips(augmentation: Augmentation) -> list[CfgDict]:
    made = [CfgDict(type="RandomFlip", prob=0.0)] if not augmentation.directions else []
    for direction in augmentation.directions:
        flip = CfgDict(type="RandomFlip", prob=1.0)
        if direction != "horizontal":
            flip.put("direction", direction, None)
        made.append(flip)
    return made if not augmentation.directions else [*made, CfgDict(type="RandomFlip", prob=0.0)]


def _sizes(augmentation: Augmentation, step: Step) -> list[CfgDict]:
    made = []
    for index, scale in enumerate(augmentation.scales):
        one = step.values.copy()
        one.put(augmentation.key, scale, origin_of(augmentation.scales, index))
        made.append(one)
    return made


def _with_flips(step: Step, augmentation: Augmentation) -> CfgDict:
    """PackDetInputs must pack how an image was flipped."""
    keys = step.get("meta_keys")
    if step.type != "PackDetInputs" or not isinstance(keys, CfgTuple) or not augmentation.flips:
        return step.values
    made = step.values.copy()
    more: list[Any] = [key for key in _FLIP_KEYS if key not in keys]
    made["meta_keys"] = CfgTuple.make([*keys, *more])
    return made


_KEYS = "('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'"
EXAMPLES = (
    Example(
        "data = dict(test=dict(type='CocoDataset', ann_file='a.json', pipeline=[\n"
        "    dict(type='LoadImageFromFile'),\n"
        "    dict(type='MultiScaleFlipAug', img_scale=[(9, 8), (5, 4)], flip=True, transforms=[\n"
        "        dict(type='Resize'), dict(type='RandomFlip'),\n"
        "        dict(type='Collect', keys=['img'])])]))\n",
        "test_dataloader = dict(batch_size=1, num_workers=2,\n"
        "    sampler=dict(type='DefaultSampler', shuffle=False),\n"
        "    dataset=dict(type='CocoDataset', ann_file='a.json', test_mode=True, pipeline=[\n"
        "        dict(type='LoadImageFromFile'),\n"
        "        dict(type='Resize', scale=(9, 8), keep_ratio=True),\n"
        "        dict(type='LoadAnnotations', with_bbox=True),\n"
        f"        dict(type='PackDetInputs', meta_keys={_KEYS}))]))\n"
        "tta_pipeline = [dict(type='LoadImageFromFile'),\n"
        "    dict(type='TestTimeAug', transforms=[\n"
        "        [dict(type='Resize', scale=(9, 8), keep_ratio=True),\n"
        "         dict(type='Resize', scale=(5, 4), keep_ratio=True)],\n"
        "        [dict(type='RandomFlip', prob=1.0), dict(type='RandomFlip', prob=0.0)],\n"
        "        [dict(type='LoadAnnotations', with_bbox=True)],\n"
        f"        [dict(type='PackDetInputs', meta_keys={_KEYS}, 'flip', 'flip_direction'))]])]\n",
        ("UP201",),
    ),
    Example(  # Each of several data sets has a pipeline, and none keeps the flip.
        "pipeline = [dict(type='MultiScaleFlipAug', img_scale=(9, 8), flip=True, transforms=[\n"
        "    dict(type='Resize'), dict(type='RandomFlip'), dict(type='LoadAnnotations')])]\n"
        "data = dict(test=[dict(type='CocoDataset', ann_file='a.json', pipeline=pipeline),\n"
        "                  dict(type='CocoDataset', ann_file='b.json', pipeline=pipeline)])\n",
        "steps = [dict(type='Resize', scale=(9, 8), keep_ratio=True),\n"
        "         dict(type='LoadAnnotations')]\n"
        "test_dataloader = dict(batch_size=1, num_workers=2,\n"
        "    sampler=dict(type='DefaultSampler', shuffle=False),\n"
        "    dataset=dict(type='ConcatDataset', datasets=[\n"
        "        dict(type='CocoDataset', ann_file='a.json', pipeline=steps, test_mode=True),\n"
        "        dict(type='CocoDataset', ann_file='b.json', pipeline=steps, test_mode=True)]))\n"
        "tta_pipeline = [dict(type='TestTimeAug', transforms=[\n"
        "    [dict(type='Resize', scale=(9, 8), keep_ratio=True)],\n"
        "    [dict(type='RandomFlip', prob=1.0), dict(type='RandomFlip', prob=0.0)],\n"
        "    [dict(type='LoadAnnotations')]])]\n",
        ("UP201",),
    ),
)
