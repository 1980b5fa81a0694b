"""An upgraded config as one file without bases."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.bases import BasesMode
from mmscaffold.upgrade.planner import plan_upgrade
from mmscaffold.upgrade.tree_upgrader import Options

FILES = {
    "base.py": "model = dict(type='FasterRCNN')\nlr = 0.02\n"
    "optimizer = dict(type='SGD', lr=lr)\nlr_config = dict(policy='step', step=[8, 11])\n",
    "data.py": "data = dict(train=dict(type='CocoDataset', ann_file='a.json', pipeline=[]))\n",
    "leaf.py": "_base_ = ['base.py', 'data.py']\n"
    "runner = dict(type='EpochBasedRunner', max_epochs=12)\nmy_setting = 3\n",
    "fp16.py": "_base_ = 'leaf.py'\nfp16 = dict(loss_scale=512.)\n",
}


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    folder = tmp_path / "configs"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("name", ["leaf.py", "fp16.py"])
def test_a_flat_config_is_what_the_converted_one_is(name: str, configs: Path):
    flat = plan_upgrade([configs / name], options=Options(BasesMode.FLATTEN), with_heirs=False)
    assert [file.path.name for file in flat.files] == [name]
    raw = flat.files[0].plan.after
    assert b"_base_" not in raw
    assert (b"upgrade[UP110]" in raw) is (name == "fp16.py")
    found = Resolver({configs / name: raw}).resolve(configs / name)
    assert found.bases == ()
    converted = plan_upgrade([configs], options=Options(BasesMode.CONVERT))
    after = Resolver({file.path: file.plan.after for file in converted.files})
    wanted = after.resolve(configs / name).to_dict()
    # A variable that only the files read stands where it is used.
    assert wanted.pop("lr") == 0.02
    assert found.to_dict() == wanted
    assert wanted["my_setting"] == 3


def test_the_command_writes_what_can_be_run_elsewhere_only(configs: Path, tmp_path: Path):
    run = CliRunner().invoke
    refused = run(group, ["upgrade", str(configs), "--bases", "flatten"])
    assert refused.exit_code == 2
    assert "--output" in refused.output
    written = run(
        group, ["upgrade", str(configs), "--bases", "flatten", "--output", str(tmp_path / "out")]
    )
    assert written.exit_code == 0, written.output
    assert sorted(path.name for path in (tmp_path / "out").rglob("*.py")) == ["fp16.py", "leaf.py"]
    assert {path.name: path.read_text() for path in configs.iterdir()} == FILES
