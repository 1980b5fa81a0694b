"""Upgraded pipelines hand the model what those of mmdet 2.28.2 did, pixel by pixel."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.config.resolve.resolver import Resolver
from support import corpora
from support.batches import compared, toy_coco
from support.share import WHOLE, share

TRAPS = """
model = dict(type='MaskRCNN')
total_epochs = 1
norm = dict(mean=[103.53, 116.28, 123.675], std=[1.0, 2.0, 4.0]{to_rgb})
train_pipeline = [
    dict(type='LoadImageFromFile', to_float32=True),
    dict(type='LoadAnnotations', with_bbox=True, with_mask=True),
    {transforms}
    dict(type='RandomFlip', flip_ratio=[0.3, 0.3], direction=['horizontal', 'vertical']),
    dict(type='Normalize', **norm),
    {pad}
    dict(type='DefaultFormatBundle'),
    dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels', 'gt_masks'])]
test_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='MultiScaleFlipAug', img_scale=(90, 70), flip=False, transforms=[
        dict(type='Resize'), dict(type='RandomFlip'), dict(type='Normalize', **norm),
        dict(type='Pad', size_divisor=32), dict(type='ImageToTensor', keys=['img']),
        dict(type='Collect', keys=['img'])])]
data = dict(
    train=dict(type='RepeatDataset', times=2, dataset=dict(
        type='CocoDataset', ann_file='', img_prefix='', pipeline=train_pipeline)),
    test=dict(type='CocoDataset', ann_file='', img_prefix='', pipeline=test_pipeline))
"""
TRANSFORMS = [
    "dict(type='Resize', img_scale=(97, 50)),",
    "dict(type='Resize', img_scale=(97, 50), keep_ratio=False),",
    "dict(type='Resize', img_scale=[(97, 50), (140, 80)]),",
    "dict(type='Resize', img_scale=[(97, 50), (140, 80)], multiscale_mode='value'),",
    "dict(type='Resize', img_scale=(97, 50), ratio_range=(0.5, 2.0)),",
    "dict(type='RandomCrop', crop_size=(30, 50), allow_negative_crop=True),",
    "dict(type='RandomCrop', crop_size=(0.5, 0.8), crop_type='relative',"
    " allow_negative_crop=True),",
    "dict(type='RandomCrop', crop_size=(20, 55), crop_type='absolute_range',"
    " allow_negative_crop=True),",
    "dict(type='AutoAugment', policies=[[dict(type='Resize', img_scale=(80, 60))],"
    " [dict(type='Resize', img_scale=[(90, 50), (120, 70)], multiscale_mode='value')]]),",
    "dict(type='CutOut', n_holes=2, cutout_shape=(9, 4)),",
    "dict(type='Rotate', level=5, img_fill_val=(3, 4, 5), random_negative_prob=1.0),",
]
PADS = [
    "dict(type='Pad', size_divisor=32),",
    "dict(type='Pad', size=(200, 240)),",
    "dict(type='Pad', size=(224, 224)),",
]


def config(folder: Path, transforms: str, pad: str, to_rgb: str) -> Path:
    path = folder / "config.py"
    path.write_text(
        TRAPS.replace("{transforms}", transforms).replace("{pad}", pad).replace("{to_rgb}", to_rgb)
    )
    return path


@pytest.mark.mmdet
def test_what_the_model_gets_is_what_it_got(tmp_path: Path):
    toy = tmp_path / "toy"
    toy_coco.write(toy)
    work: dict[str, compared.Job] = {}
    for number, transforms in enumerate(TRANSFORMS):
        folder = tmp_path / str(number)
        folder.mkdir()
        pad = PADS[number % len(PADS)]
        path = config(folder, transforms, pad, ", to_rgb=False" if number % 2 else "")
        for job in compared.jobs(Resolver().resolve(path), toy, (0.1, 0.6)):
            named = compared.Job(f"{transforms} {pad} {job.name}", job.old, job.new)
            work.setdefault(compared.kind(named), named)
    assert len(work) >= len(TRANSFORMS) * 2
    configs = corpora.mmdet_configs("2.28.2")
    resolver = Resolver()
    for path in share(sorted(configs.glob("[!_]*/*.py")), 151, 5):
        for job in compared.jobs(resolver.resolve(path), toy, (0.1, 0.6) if WHOLE else (0.6,)):
            work.setdefault(compared.kind(job), job)
    found = compared.differences(list(work.values()), tmp_path)
    assert {name: told for name, told in found.items() if told} == {}
