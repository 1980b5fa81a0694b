"""The command line of a generated project, as far as it needs neither torch nor mmdet."""

from __future__ import annotations

import os
import subprocess
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
    ended = subprocess.run(
        [project / "tools" / tool], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("usage: ")
