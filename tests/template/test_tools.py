"""The command line of a generated project, as far as it needs neither torch nor mmdet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.subprocess

PRINTS = '#!/bin/sh\necho "in $PWD"\nfor word in "$@"; do echo "$word"; done\n'


def run(project: Path, tmp_path: Path, tool: str, *words: str, **environment: str) -> list[str]:
    """Run a script in some other folder, with a Python and an srun that print what they get."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for name in ("python", "srun"):
        (tmp_path / name).write_text(PRINTS)
        (tmp_path / name).chmod(0o755)
    ended = subprocess.run(
        [project / "tools" / tool, *words],
        cwd=folder,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    first, *got = ended.stdout.splitlines()
    assert first == f"in {folder}"
    return got


def test_dist_train_stays_in_the_folder_of_its_caller(project, tmp_path):
    got = run(project, tmp_path, "dist_train.sh", "my config.py", "2", "--amp")
    assert got[:2] == ["-m", "torch.distributed.run"]
    assert "--nnodes=1" in got
    assert "--nproc_per_node=2" in got
    script = got.index(str(project / "tools" / "train.py"))
    assert got[script + 1 :] == ["my config.py", "--launcher", "pytorch", "--amp"]


def test_dist_train_on_several_machines(project, tmp_path):
    where = {"NNODES": "3", "NODE_RANK": "1", "MASTER_ADDR": "10.0.0.7", "PORT": "1234"}
    got = run(project, tmp_path, "dist_train.sh", "c.py", "8", **where)
    assert {
        "--nnodes=3",
        "--node_rank=1",
        "--master_addr=10.0.0.7",
        "--master_port=1234",
        "--nproc_per_node=8",
    } <= set(got)


def test_slurm_train_stays_in_the_folder_of_its_caller(project, tmp_path):
    got = run(project, tmp_path, "slurm_train.sh", "c.py", "--resume", PARTITION="p", GPUS="4")
    assert {"--partition=p", "--ntasks=4"} <= set(got)
    script = got.index(str(project / "tools" / "train.py"))
    assert got[script + 1 :] == ["c.py", "--launcher", "slurm", "--resume"]


@pytest.mark.parametrize("tool", ["dist_train.sh", "slurm_train.sh"])
def test_without_arguments_they_say_what_they_need(project, tool):
    ended = subprocess.run([project / "tools" / tool], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("usage: ")


# In `tools`: a font of the machine that has a few Chinese characters, and pictures with them.
WRITE = """
import sys, warnings
from fontTools.ttLib import TTFont
from matplotlib import font_manager

usual = font_manager.findfont(font_manager.FontProperties(["sans-serif"]))
font_manager.fontManager.ttflist = [
    font for font in font_manager.fontManager.ttflist if font.fname == usual
]
if sys.argv[1:]:
    font = TTFont(usual)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update({ord(character): "A" for character in "行人"})
    for record in font["name"].names:
        record.string = "Han" if record.nameID in (1, 4, 6, 16) else str(record)
    font.save(sys.argv[1])
    font_manager.fontManager.addfont(sys.argv[1])
warnings.filterwarnings("error", message="Glyph")

import numpy as np
import torch
from drawing import Painter
from mmdet.structures import DetDataSample
from mmengine.structures import InstanceData

painter = Painter({"classes": ["行人", "car"]})
sample = DetDataSample(gt_instances=InstanceData(
    bboxes=torch.tensor([[2.0, 2, 20, 20]]), labels=torch.tensor([0])))
try:
    painter.draw(np.zeros((32, 32, 3), np.uint8), sample, annotated=True, predicted=False)
except UserWarning as warning:
    print("boxes:", warning)
else:
    print("written")
"""


@pytest.mark.mmdet
def test_names_are_drawn_in_a_font_that_has_their_characters(project, tmp_path):
    def draw(*words: object) -> str:
        ended = subprocess.run(
            [sys.executable, "-c", WRITE, *map(str, words)],
            cwd=project / "tools",
            env={**os.environ, "PYTHONPATH": str(project), "MPLBACKEND": "Agg"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    assert draw(tmp_path / "han.ttf") == "written\n"
    # Without such a font, the tool says why there are boxes instead of names.
    told, why, result, *_ = draw().splitlines()
    assert told == "No font here has 人行: pictures show boxes instead."
    assert "Noto Sans CJK" in why
    assert result.startswith("boxes: ")
