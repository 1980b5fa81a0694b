"""What is said of files that were written, however a command ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CONFIG = """\
model = dict(type='RetinaNet')
train_dataloader = dict(batch_size=2)
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs={0}, val_interval=1)
param_scheduler = [dict(type='MultiStepLR', begin=0, end={0}, by_epoch=True, milestones=[20])]
"""
# Each with changes of its own, and in all more to tell than a pipe holds that nobody reads.
COPIES = 600


@pytest.fixture
def many_configs(tmp_path: Path) -> Path:
    for number in range(COPIES):
        (tmp_path / f"config_{number}.py").write_text(CONFIG.format(number + 30))
    return tmp_path


def start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "mmscaffold", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def changed(folder: Path) -> int:
    return sum("max_epochs=24," in path.read_text() for path in folder.glob("*.py"))


def until_written(folder: Path) -> None:
    deadline = time.monotonic() + 60
    while changed(folder) < COPIES:
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.mark.subprocess
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_while_reporting_says_what_was_written_and_undo_takes_it_back(many_configs):
    run = start("migrate", str(many_configs), "--max-epochs", "24")
    until_written(many_configs)
    time.sleep(2)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert f"{COPIES} files had been written before" in said
    undone = start("migrate", "--undo", str(many_configs))
    undone.communicate(timeout=120)
    assert undone.returncode == 0
    assert changed(many_configs) == 0


@pytest.mark.subprocess
@pytest.mark.parametrize("words", [["migrate", "--max-epochs", "24"], ["check", "--fix"]])
def test_a_reader_that_leaves_is_no_reason_to_hide_what_was_written(tmp_path, words):
    config = tmp_path / "one.py"
    config.write_text(
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, max_iters=9)\n"
        "train_dataloader = dict()\nmodel = dict()\n"
    )
    before = config.read_text()
    run = start(words[0], str(config), *words[1:])
    run.stdout.close()
    said = run.stderr.read()
    run.wait(timeout=60)
    assert config.read_text() != before
    assert "1 file had been written before" in said
    assert "Traceback" not in said
