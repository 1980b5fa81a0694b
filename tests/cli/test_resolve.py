from __future__ import annotations

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group


@pytest.fixture(autouse=True)
def configs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.py").write_text("train_cfg = dict(by_epoch=True, max_epochs=12)\n")
    child = "_base_ = './base.py'\nn = 36\ntrain_cfg = dict(max_epochs=n)\nx = open('f')\n"
    (tmp_path / "child.py").write_text(child)


def run(*words: str):
    return CliRunner().invoke(group, ["resolve", *words])


def test_every_value_is_printed_with_its_place_on_request():
    printed = run("child.py").output
    assert "train_cfg.max_epochs = 36\n" in printed
    assert "x = <unknown: open is not evaluated" in printed
    assert "train_cfg.by_epoch = True  # base.py:1:27" in run("child.py", "--origins").output


def test_one_value_tells_its_whole_story():
    assert run("child.py", "--get", "train_cfg.max_epochs").output.splitlines() == [
        "36",
        "  child.py:3:29: n",
        "  which is child.py:2:5: 36",
        "  instead of base.py:1:44: 12",
    ]


def test_a_missing_key_exits_with_2():
    ended = run("child.py", "--get", "nothing.here")
    assert ended.exit_code == 2
    assert "has no key nothing.here" in ended.output
