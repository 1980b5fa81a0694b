"""What a base alone says about what it does not have is told, and not lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.upgrade.planner import plan_upgrade
from mmscaffold.upgrade.trees.elsewhere import told_elsewhere


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"optimizer_config": {"grad_clip": {"max_norm": 35}}}, ["optimizer_config"]),
        ({"optimizer_config": {"grad_clip": None}}, []),
        ({"optimizer": {"lr": 1.0}, "optimizer_config": {"grad_clip": {"max_norm": 35}}}, []),
        ({"fp16": {"loss_scale": 512.0}}, ["fp16"]),
        ({"fp16": None, "evaluation": {"interval": 1}}, []),
        (
            {"evaluation": {"interval": 2, "save_best": "auto", "metric": "bbox"}},
            ["evaluation"] * 3,
        ),
        ({"evaluation": {"interval": 2, "metric": "bbox"}, "runner": {}}, ["evaluation"]),
        ({"evaluation": {"interval": 1, "metric": "bbox"}, "data": {}}, []),
        ({"momentum_config": {"policy": "cyclic"}, "lr_config": {}}, []),
    ],
)
def test_what_comes_to_nothing(config: dict[str, object], told: list[str]):
    assert [note.old[0] for note in told_elsewhere(config)] == told


def test_of_other_packages_the_loop_is_told():
    evaluation = {"interval": 2000, "metric": "mIoU", "save_best": "mIoU"}
    (note,) = told_elsewhere({"evaluation": evaluation}, has_rules=False)
    assert note.message == "evaluation (interval) goes into train_cfg elsewhere"


BASE = "evaluation = dict(interval=1, metric='bbox', classwise=True)\n"
WHOLE = (
    "_base_ = 'base.py'\nmodel = dict(type='RetinaNet')\ntotal_epochs = 1\n"
    "data = dict(val=dict(type='CocoDataset', ann_file='a', pipeline=[]))\n"
)
MESSAGE = "evaluation (metric, classwise) goes into val_evaluator elsewhere"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"base.py": BASE}, {"base.py": [MESSAGE]}),
        ({"base.py": BASE, "whole.py": WHOLE}, {}),
        ({"base.py": BASE, "also.py": "_base_ = 'base.py'\ncheckpoint_config = dict()\n"},
         {"also.py": [MESSAGE]}),
    ],
)  # fmt: skip
def test_the_last_that_could_have_written_it_tells(tmp_path: Path, files, told):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    plan = plan_upgrade([tmp_path], package="mmdet")
    assert not plan.failed
    found = {
        file.plan.path.name: [one.note.message for one in file.notes if one.note.code == "UP217"]
        for file in plan.files
    }
    assert {name: notes for name, notes in found.items() if notes} == told
    # What only the metric can tell is not told of a base without data.
    assert not any(one.note.code == "UP210" for file in plan.files for one in file.notes)
