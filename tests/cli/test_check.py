from __future__ import annotations

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group


@pytest.fixture
def faulty(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=1)\n"
    (tmp_path / "a.py").write_text(text)
    (tmp_path / "b.py").write_text("_base_ = './a.py'\n")
    return tmp_path


def run(*words: str):
    return CliRunner().invoke(group, words)


def test_a_finding_shows_its_line_its_help_and_where_else_it_is_seen(faulty):
    ended = run("check", ".")
    assert ended.exit_code == 1
    assert "a.py:1:55: error[MMS101]" in ended.output
    assert "    train_cfg = dict(type='EpochBasedTrainLoop'" in ended.output
    assert "help: Add _delete_=True" in ended.output
    assert "1 more" in ended.output
    assert "2 configs checked: 1 finding;" in ended.output


def test_a_clean_config_exits_with_0(faulty):
    (faulty / "a.py").write_text("train_cfg = dict(by_epoch=True, max_epochs=1)\n")
    ended = run("check", "a.py")
    assert ended.exit_code == 0
    assert "1 config checked: 0 findings" in ended.output


def test_one_rule_can_be_selected(faulty):
    assert run("check", "a.py", "--select", "MMS102").exit_code == 0
    assert run("check", "a.py", "--select", "MMS101").exit_code == 1
    assert run("check", "a.py", "--select", "MMS999").exit_code == 2


def test_a_missing_file_exits_with_2(faulty):
    ended = run("check", "nope.py")
    assert ended.exit_code == 2
    assert "nope.py: no such file" in ended.output


def test_what_was_not_understood_is_said(faulty):
    (faulty / "c.py").write_text("x = (\n")
    assert "not understood: c.py: syntax error" in run("check", ".").output


def test_explain_lists_the_rules_and_shows_a_page():
    assert "MMS102" in run("explain").output
    shown = run("explain", "mms102")
    assert shown.exit_code == 0
    assert shown.output.startswith("# MMS102")
    assert "```python" in shown.output
    assert run("explain", "MMS999").exit_code == 2
