"""What configs share is upgraded once, and comes out as if each had been upgraded alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from mmscaffold.config.change import first_difference
from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.forms.file_text import FileText
from mmscaffold.upgrade.goal import upgrade_goal
from mmscaffold.upgrade.known import Known
from mmscaffold.upgrade.ledger import Entry, Fate, Ledger
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.planner import plan_upgrade
from mmscaffold.upgrade.rule import rules_of
from mmscaffold.upgrade.trees.seen_values import SeenValues

BASE = """\
model = dict(
    type='MaskRCNN',
    backbone=dict(type='ResNet', depth=50, norm_cfg=dict(type='BN')),
    neck=dict(type='MyNeck', width=3),
    roi_head=dict(type='StandardRoIHead', bbox_head=dict(type='Shared2FCBBoxHead')),
    train_cfg=dict(rpn=dict(nms_thr=0.7)))
"""
HEIRS = {
    "plain.py": "_base_ = 'base.py'\nmodel = dict(neck=dict(width=4))\n",
    # The checkpoint of the detector takes something out of a part that is shared otherwise.
    "pretrained.py": "_base_ = 'base.py'\nmodel = dict(pretrained='open-mmlab://resnet')\n",
    "same.py": "_base_ = 'base.py'\nmodel = dict(neck=dict(width=5))\n",
}
DATA = """\
pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True, with_seg=True),
    dict(type='Normalize', mean=[1, 2, 3], std=[4, 5, 6], to_rgb=False),
    dict(type='Pad', size=(64, 32)),
    dict(type='SegRescale', scale_factor=0.25),
    dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_semantic_seg'])]
test = [dict(type='MultiScaleFlipAug', img_scale=[(9, 8), (5, 4)], flip=True, transforms=[
    dict(type='Resize'), dict(type='RandomFlip'), dict(type='Mine'),
    dict(type='Normalize', mean=[1, 2, 3], std=[4, 5, 6], to_rgb=False),
    dict(type='Collect', keys=['img'])])]
data = dict(samples_per_gpu=3, train=dict(type='CocoDataset', ann_file='a', pipeline=pipeline),
            val=dict(type='CocoDataset', ann_file='b', pipeline=test))
"""
# What is made of the data is asked of different models.
HEIRS_OF_DATA = {
    "none.py": "_base_ = 'base.py'\nseed = 1\n",
    "yolox.py": "_base_ = 'base.py'\nmodel = dict(type='YOLOX', input_size=(64, 32))\n",
    "head.py": "_base_ = 'base.py'\nmodel = dict(type='HybridTaskCascade', test_cfg=dict(\n"
    "    rcnn=dict(max_per_img=7)), semantic_head=dict(type='FusedSemanticHead'))\n",
    "iterations.py": "_base_ = 'base.py'\nrunner = dict(type='IterBasedRunner', max_iters=9)\n"
    "model = dict(type='YOLOX')\nevaluation = dict(interval=3, metric='bbox')\n",
    "other.py": "_base_ = 'base.py'\ndata = dict(val=dict(ann_file='c'))\n",
}


def goals(paths: list[Path], known: Known | None):
    resolver = Resolver()
    for path in paths:
        yield upgrade_goal(resolver.resolve(path), "mmdet", known)


def assert_alike(paths: list[Path]) -> None:
    for alone, together in zip(goals(paths, None), goals(paths, Known()), strict=True):
        assert first_difference(together.root, alone.root) is None
        assert repr(together.root) == repr(alone.root)
        assert together.ledger.entries == alone.ledger.entries
        assert together.notes == alone.notes
        assert together.unaccounted == alone.unaccounted


def written(folder: Path, texts: dict[str, str]) -> list[Path]:
    for name, text in texts.items():
        (folder / name).write_text(text)
    return [folder / name for name in texts]


@pytest.fixture
def heirs(tmp_path: Path) -> list[Path]:
    return written(tmp_path, {"base.py": BASE, **HEIRS})


@pytest.fixture
def heirs_of_data(tmp_path: Path) -> list[Path]:
    return written(tmp_path, {"base.py": DATA, **HEIRS_OF_DATA})


def test_heirs_come_out_as_if_alone(heirs: list[Path]):
    assert_alike(heirs)


def test_heirs_of_data_come_out_as_if_alone(heirs_of_data: list[Path]):
    assert_alike(heirs_of_data)
    assert_alike([*reversed(heirs_of_data)])


@pytest.mark.parametrize("folder", ["cascade_rpn", "yolact"])
def test_official_configs_come_out_as_if_alone(folder: str, mmdet2_configs: Path):
    bases = sorted((mmdet2_configs / "_base_" / "models").glob("*faster*.py"))
    assert_alike([*bases, *sorted((mmdet2_configs / folder).glob("*.py"))])


def test_what_heirs_inherit_is_made_once(heirs: list[Path]):
    base, plain, _, same = goals(heirs, Known())
    for key in ("backbone", "roi_head", "train_cfg"):
        assert plain.root["model"][key] is base.root["model"][key] is same.root["model"][key]
    assert plain.root["model"]["neck"] is not same.root["model"]["neck"]


def test_what_heirs_of_data_inherit_is_made_once(heirs_of_data: list[Path]):
    base, none, yolox, head, iterations, other = goals(heirs_of_data, Known())
    made = base.root["train_dataloader"]["dataset"]
    for one in (none, yolox, head, iterations):
        assert one.root["train_dataloader"]["dataset"] is made
        assert one.root["tta_pipeline"] is base.root["tta_pipeline"]
    assert other.root["train_dataloader"]["dataset"] is not made
    # What else it becomes is that of each config.
    assert base.root["train_dataloader"]["sampler"]["type"] == "DefaultSampler"
    assert iterations.root["train_dataloader"]["sampler"]["type"] == "InfiniteSampler"
    assert "tta_model" not in base.root
    assert head.root["tta_model"]["tta_cfg"]["max_per_img"] == 7
    assert head.root["model"]["semantic_head"]["seg_scale_factor"] == 0.25
    augments = yolox.root["model"]["data_preprocessor"]["batch_augments"]
    assert [one["type"] for one in augments] == ["BatchSyncRandomResize", "BatchFixedSizePad"]
    assert [note.code for note in base.notes].count("UP215") == 1
    assert "UP215" not in [note.code for note in (*head.notes, *yolox.notes)]


class Watched(CfgDict):
    """A config that notes which of its keys are asked for."""

    asked: ClassVar[set[object]] = set()

    def get(self, key: object, default: object = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.asked.add(key)
        return super().__contains__(key)

    def __getitem__(self, key: object) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)


def test_rules_of_data_ask_for_nothing_else(heirs_of_data: list[Path]):
    config = Resolver().resolve(heirs_of_data[3])
    old = OldConfig(replace(config, root=Watched(config.root)), Ledger(), "mmdet")
    new = New(CfgDict())
    for rule in rules_of("mmdet"):
        if rule.of_data:
            list(rule.apply(old, new))
    assert "model" in config.root
    assert Watched.asked == {"data"}
    assert set(new.values) == {"train_dataloader", "val_dataloader", "tta_pipeline"}


def test_what_several_have_is_copied_before_it_is_changed():
    inner = CfgDict(depth=50)
    new = New(CfgDict(model=CfgDict(backbone=inner)), (), {id(inner)})
    new.child("model").child("backbone").put("depth", 101)
    assert inner == {"depth": 50}
    assert new.values == {"model": {"backbone": {"depth": 101}}}


def test_what_a_rule_said_of_an_item_is_known_of_all_that_hold_it():
    ledger = Ledger()
    assert not ledger.says_below(("model",))
    ledger.add(Entry(("model", "roi_head", "bbox_head"), Fate.DERIVED, "UPR-31"))
    assert ledger.says_below(("model",))
    assert ledger.says_below(("model", "roi_head"))
    assert not ledger.says_below(("model", "roi_head", "bbox_head"))


def test_seen_values_compare_as_ever():
    seen = SeenValues()
    nested = CfgDict(a=CfgDict(b=[1], c=CfgDict()))
    others = [
        CfgDict(a=CfgDict(b=[1], c=CfgDict())),
        CfgDict(a=CfgDict(b=[1])),
        CfgDict(a=CfgDict(b=[1.0], c=CfgDict())),
        CfgDict(a=CfgDict(b=(1,), c=CfgDict())),
        CfgDict(a=CfgDict(b=[1], c=None)),
        CfgDict(a=CfgDict(b=[1], d=CfgDict())),
    ]
    for other in others * 2:
        assert seen.are_same(nested, other) is (first_difference(nested, other) is None)
        assert seen.are_same(other, nested) is (first_difference(other, nested) is None)


def test_a_name_set_too_late_costs_few_attempts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # The loop stands where the runner stood, before the interval of its validation is set.
    (tmp_path / "config.py").write_text(
        "model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50))\n"
        "data = dict(train=dict(type='CocoDataset', ann_file='a.json', pipeline=[]),\n"
        "            val=dict(type='CocoDataset', ann_file='a.json', pipeline=[]))\n"
        "optimizer = dict(type='SGD', lr=0.1)\n"
        "lr_config = dict(policy='step', step=[8])\n"
        "runner = dict(type='EpochBasedRunner', max_epochs=12)\n"
        "interval = 3\n"
        "checkpoint_config = dict(interval=interval)\n"
        "evaluation = dict(interval=interval, metric='bbox')\n"
    )
    written = []
    write = FileText.write

    def counted(self: FileText, plain: frozenset[str], at_end: frozenset[str]) -> bytes:
        written.append(plain)
        return write(self, plain, at_end)

    monkeypatch.setattr(FileText, "write", counted)
    plan = plan_upgrade([tmp_path])
    text = plan.files[0].plan.after.decode()
    assert "val_interval=3" in text
    assert "interval=interval" in text
    assert {frozenset(), frozenset(["train_cfg"])} == set(written)
