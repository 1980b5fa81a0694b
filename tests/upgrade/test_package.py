"""Which package a config was written for, and what an upgrade does of those without rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.goal import upgrade_goal
from mmscaffold.upgrade.package import ROWS, detect_package, row_of
from support.share import share

SEGMENTATION = """
model = dict(type='EncoderDecoder', pretrained='open-mmlab://resnet50_v1c',
             backbone=dict(type='ResNetV1c', depth=50), decode_head=dict(type='PSPHead'))
train_cfg = dict()
test_cfg = dict(mode='whole')
data = dict(samples_per_gpu=2, workers_per_gpu=4,
            train=dict(type='CityscapesDataset', img_dir='a', pipeline=[dict(type='Resize')]),
            val=dict(type='CityscapesDataset', img_dir='b', pipeline=[]))
optimizer = dict(type='SGD', lr=0.01, momentum=0.9)
optimizer_config = dict()
lr_config = dict(policy='poly', power=0.9, min_lr=1e-4, by_epoch=False)
runner = dict(type='IterBasedRunner', max_iters=80000)
checkpoint_config = dict(by_epoch=False, interval=8000)
evaluation = dict(interval=8000, metric='mIoU', pre_eval=True)
"""


def root(tmp_path: Path, text: str):
    path = tmp_path / "config.py"
    path.write_text(text)
    return Resolver().resolve(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SEGMENTATION, "mmseg"),
        ("model = dict(type='FasterRCNN')\n", "mmdet"),
        ("model = dict(type='ImageClassifier', head=dict(type='LinearClsHead'))\n", "mmcls"),
        ("model = dict(type='TopDown', keypoint_head=dict(type='Own'))\n", "mmpose"),
        ("model = dict(type='VoxelNet')\n", "mmdet3d"),
        ("model = dict(type='OrientedRCNN')\n", "mmrotate"),
        ("model = dict(type='Own')\ndata = dict(train=dict(type='CocoDataset'))\n", "mmdet"),
        ("default_scope = 'mmseg'\nmodel = dict(type='FasterRCNN')\n", "mmseg"),
        ("custom_imports = dict(imports=['mmrotate.models'])\n", "mmrotate"),
        ("lr_config = dict(policy='YOLOX')\n", "mmdet"),
        ("model = dict(type='Own')\n", None),
        ("total_epochs = 3\n", None),
    ],
)
def test_the_package_is_seen(text: str, expected: str | None, tmp_path: Path):
    assert detect_package([root(tmp_path, text).root]) == expected


def test_a_tree_has_one_package(tmp_path: Path):
    texts = ["model = dict(type='FasterRCNN')\n", "total_epochs = 3\n", SEGMENTATION]
    assert detect_package(root(tmp_path, text).root for text in (*texts, texts[0])) == "mmdet"


def test_what_many_inherit_counts_once(tmp_path: Path):
    pose = "model = dict(type='Own', head=dict(type='TopDown', neck=dict(type='Interhand3D')))\n"
    (tmp_path / "base.py").write_text(pose)
    heirs = ["a.py", "b.py", "c.py"]
    for name in heirs:
        (tmp_path / name).write_text("_base_ = 'base.py'\nmodel = dict(type='FasterRCNN')\n")
    resolver = Resolver()
    roots = [resolver.resolve(tmp_path / name).root for name in ("base.py", *heirs)]
    assert roots[0]["model"]["head"] is roots[1]["model"]["head"]
    assert detect_package(roots[:1]) == "mmpose"
    assert detect_package(roots) == "mmdet"


def test_official_configs_are_mmdets(mmdet2_configs: Path):
    resolver = Resolver()
    files = [path for path in sorted(mmdet2_configs.rglob("*.py")) if "_base_" not in path.parts]
    for path in share(files, 20):
        assert detect_package([resolver.resolve(path).root]) == "mmdet", path


@pytest.mark.parametrize("package", ["mmseg", None])
def test_of_other_packages_the_run_time_part(package: str | None, tmp_path: Path):
    config = root(tmp_path, SEGMENTATION)
    goal = upgrade_goal(config, package)
    new = goal.root
    assert new["train_cfg"] == {
        "type": "IterBasedTrainLoop", "max_iters": 80000, "val_interval": 8000
    }  # fmt: skip
    assert new["param_scheduler"] == [
        {"type": "PolyLR", "by_epoch": False, "power": 0.9, "eta_min": 1e-4}
    ]
    assert new["model"]["test_cfg"] == {"mode": "whole"}
    assert new["model"]["backbone"] is config.root["model"]["backbone"]
    assert "test_cfg" not in config.root["model"]
    assert new["train_dataloader"]["batch_size"] == 2
    assert new["train_dataloader"]["dataset"] is config.root["data"]["train"]
    assert [note.code for note in goal.notes] == ["UP213"]
    assert goal.unaccounted == ()
    assert goal.schedule is not None
    assert goal.schedule.holds
    visualizer = "SegLocalVisualizer" if package else "Visualizer"
    assert row_of(package).visualizer == visualizer


def test_rows_are_of_packages_that_exist():
    assert row_of("none").name == ""
    assert [row.name for row in ROWS.values() if row.has_rules] == ["mmdet"]
