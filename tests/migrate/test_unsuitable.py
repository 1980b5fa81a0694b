"""What cannot be migrated is told as what it is, whether there is a project or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group
from mmscaffold.migrate import plan_migration
from mmscaffold.project import ClassMap

OLD = "model = dict(type='RetinaNet')\nlr_config = dict(policy='step')\ntotal_epochs = 12\n"
WITH_RUNNER = """
from mmengine.runner import Runner
from mmdet.models import RetinaNet

model = RetinaNet(backbone=dict())
runner = Runner(model=model, work_dir='x', train_cfg=dict(by_epoch=True, max_epochs=3))
runner.train()
"""
WITH_ARGUMENTS = """
import argparse
from mmengine.config import Config

args = argparse.ArgumentParser().parse_args()
cfg = Config.fromfile(args.config)
"""
WITH_FUNCTION = """
from mmengine.runner import Runner

train_cfg = dict(by_epoch=True, max_epochs=3)

def main(cfg):
    Runner.from_cfg(cfg).train()
"""


def told(tmp_path: Path, *words: str) -> tuple[int, str]:
    ended = CliRunner().invoke(group, [*words, str(tmp_path)])
    return ended.exit_code, ended.output


@pytest.mark.parametrize("options", [[], ["--only", "model"], ["--max-epochs", "6"]])
def test_a_config_of_2x_is_told_to_be_one_first(tmp_path, options):
    (tmp_path / "old.py").write_text(OLD)
    code, output = told(tmp_path / "old.py", "migrate", *options)
    assert code == 2
    assert "old.py:2:13: is an MMDetection 2.x config" in output
    assert "project" not in output


def test_so_is_a_folder_of_them(tmp_path):
    (tmp_path / "a.py").write_text("model = dict(type='X')\n")
    (tmp_path / "old.py").write_text(OLD)
    assert "is an MMDetection 2.x config" in told(tmp_path, "migrate")[1]
    (tmp_path / "old.py").unlink()
    assert "no project in or above" in told(tmp_path, "migrate")[1]


@pytest.mark.parametrize("text", [WITH_RUNNER, WITH_ARGUMENTS, WITH_FUNCTION])
def test_a_script_is_told_to_be_one(tmp_path, text):
    (tmp_path / "train.py").write_text(text)
    for options in ([], ["--max-epochs", "6"]):
        code, output = told(tmp_path / "train.py", "migrate", *options)
        assert code == 2
        assert "train.py: is a script that trains, not a config" in output
    # In a folder, it is code.
    assert "1 file of code checked" in told(tmp_path, "check")[1]


def test_what_mmengine_refuses_is_told_with_its_remedy(tmp_path):
    (tmp_path / "base.py").write_text("model = dict(type='X', neck=None)\n")
    (tmp_path / "none.py").write_text(
        "_base_ = './base.py'\nmodel = dict(neck=dict(type='FPN'))\n"
    )
    (tmp_path / "typo.py").write_text("_base_ = './bse.py'\n")
    (tmp_path / "far.py").write_text("_base_ = 'mmyolo::_base_/x.py'\nmodel = dict()\n")
    output = told(tmp_path, "check")[1]
    assert "refused by mmengine: " in output
    assert "'neck' is a dict here, but None in the base" in output
    assert "  help: mmengine refuses this, too. Add _delete_=True" in output
    assert "bse.py does not exist" in output
    assert "Correct the path in _base_" in output
    code, output = told(tmp_path / "far.py", "migrate", "--max-epochs", "3")
    assert code == 2
    assert "pip install mmyolo\n  mmengine refuses this, too" in output


SETTINGS = """
model = dict(type='FasterRCNN')
train_cfg = dict(rpn=dict(pos_weight=-1), rcnn=dict(debug=False))
test_cfg = dict(score_thr=0.05, max_per_img=100)
"""


def test_settings_of_a_model_beside_it_are_no_loops(tmp_path):
    # MMDetection before 2.8
    (tmp_path / "model.py").write_text(SETTINGS)
    loops = {"TestLoop": "MyTestLoop", "IterBasedTrainLoop": "MyLoop"}
    plan = plan_migration([tmp_path], ClassMap("mine", None, {**loops, "FasterRCNN": "Mine"}))
    imported = "custom_imports = dict(imports=['mine'], allow_failed_imports=False)\n"
    assert plan.files[0].after.decode() == SETTINGS.replace("FasterRCNN", "Mine") + imported
    assert "MMS110" not in told(tmp_path, "check")[1]
    (tmp_path / "model.py").write_text("model = dict(type='X')\ntest_cfg = dict(tyep='X')\n")
    assert "MMS110" in told(tmp_path, "check")[1]
