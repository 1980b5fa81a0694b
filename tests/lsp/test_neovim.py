"""A real editor: Neovim, set up as `editors/README.md` says, and driven by `neovim.lua`."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NVIM = shutil.which("nvim")
HERE = Path(__file__).parent
README = HERE.parents[1] / "editors" / "README.md"

CHINESE = """\
_base_ = './faster_rcnn/faster-rcnn_r50-caffe-dc5_ms-1x_coco.py'
# 训练长度
说明 = dict(文字='模型🚀🚀', 长度=_base_.train_cfg.max_epochs)
train_cfg = dict(max_epochs=12)
"""

pytestmark = [
    pytest.mark.subprocess,
    pytest.mark.skipif(NVIM is None, reason="needs Neovim"),
]


def settings_for_neovim() -> str:
    """The blocks of the README that are for the Neovim of Debian."""
    blocks = re.findall(r"```lua\n(-- mmscaffold.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 2
    return "\n".join(blocks)


@pytest.fixture(scope="module")
def config(tree: Path) -> Path:
    return tree / "faster_rcnn" / "faster-rcnn_r50-caffe-dc5_ms-3x_coco.py"


@pytest.fixture(scope="module")
def original(config: Path) -> str:
    return config.read_text("utf-8")


@pytest.fixture(scope="module")
def seen(
    config: Path, original: str, tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What there was to see, step by step."""
    folder = tmp_path_factory.mktemp("neovim")
    (folder / "init.lua").write_text(settings_for_neovim(), "utf-8")
    command = folder / "mmscaffold"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mmscaffold "$@"\n')
    command.chmod(0o755)
    chinese = tree / "中文.py"
    chinese.write_text(CHINESE, "utf-8")
    steps_file = HERE / "neovim.lua"
    subprocess.run(
        [str(NVIM), "--headless", "-nu", "init.lua", "-i", "NONE", "-c", f"luafile {steps_file}"],
        cwd=folder,
        env=os.environ
        | {
            "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "XDG_STATE_HOME": str(folder),
            "XDG_CACHE_HOME": str(folder),
            "MMSCAFFOLD_CONFIG": str(config),
            "MMSCAFFOLD_CHINESE": str(chinese),
            "MMSCAFFOLD_STEPS": str(folder / "seen.json"),
        },
        check=True,
        timeout=300,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    steps: dict[str, Any] = json.loads((folder / "seen.json").read_text("utf-8"))
    assert "problem" not in steps, steps["problem"]
    return steps


def test_it_attaches(seen: dict[str, Any]):
    assert seen["client"] == "mmscaffold"


def test_a_finding_is_shown_at_its_place(seen: dict[str, Any]):
    (found,) = seen["findings"]
    assert (found["code"], found["line"], found["column"]) == ("MMS102", 16, 40)
    assert found["message"].startswith("MultiStepLR ends at 12 of 36 epochs")


def test_hover_tells_the_value_and_who_set_it(seen: dict[str, Any]):
    hover = seen["hover_of_value"].replace("\\", "")
    assert "train_cfg.max_epochs" in hover
    assert "36" in hover.splitlines()
    assert "schedule_1x.py:2" in hover


def test_definitions_lie_in_the_files_of_bases(seen: dict[str, Any], tree: Path):
    base = seen["definition_of_base"]
    assert Path(base["file"]) == tree / "faster_rcnn" / "faster-rcnn_r50-caffe-dc5_ms-1x_coco.py"
    value = seen["definition_of_value"]
    assert Path(value["file"]) == tree / "_base_" / "schedules" / "schedule_1x.py"
    assert value["line"].startswith("param_scheduler = [")


def test_parameters_and_classes_are_completed(seen: dict[str, Any]):
    assert "depth=" in seen["parameters"]["words"]
    assert seen["parameters"]["line"].endswith("dict(type='ResNet', depth=")
    assert "ResNeXt" in seen["classes"]["words"]
    assert seen["classes"]["line"].endswith("dict(type='ResNeXt")


def test_a_quick_fix_is_applied_and_written(seen: dict[str, Any], config: Path, original: str):
    line = "_base_.param_scheduler[1].milestones = [28, 34]\n"
    assert line in original
    fixed = original.replace(line, f"{line}_base_.param_scheduler[1].end = 36\n")
    assert config.read_text("utf-8") == fixed
    assert seen["after_the_fix"] == []


def test_a_column_behind_an_emoji_is_the_right_one(seen: dict[str, Any], tree: Path):
    found = seen["definition_behind_an_emoji"]
    assert Path(found["file"]) == tree / "_base_" / "schedules" / "schedule_1x.py"
    assert "max_epochs=12" in found["line"]


def test_another_length_is_one_edit_that_undo_takes_back(seen: dict[str, Any]):
    assert "train_cfg = dict(max_epochs=24)" in seen["other_length"]
    assert "        milestones=[16, 22]," in seen["other_length"]
    assert seen["undone"] == CHINESE.splitlines()


def test_the_resolved_config_is_shown_beside(seen: dict[str, Any]):
    assert "norm_cfg = dict(type='BN', requires_grad=False)" in seen["resolved"]
    assert "    type='FasterRCNN'," in seen["resolved"]
