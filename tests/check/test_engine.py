from __future__ import annotations

import pytest
from mmscaffold.check import all_rules, check_paths
from mmscaffold.config import ConfigError

BROKEN = "train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=1)\n"


def test_a_folder_lists_what_it_could_not_understand_and_checks_the_rest(tmp_path):
    (tmp_path / "a.py").write_text(BROKEN)
    (tmp_path / "b.py").write_text("x = (\n")
    report = check_paths([tmp_path], all_rules())
    assert [(rule.id, path.name) for rule, path, _ in report.findings] == [("MMS101", "a.py")]
    assert [path.name for path, _ in report.not_understood] == ["b.py"]
    assert report.checked == 1


def test_a_named_file_that_cannot_be_read_is_an_error(tmp_path):
    (tmp_path / "b.py").write_text("x = (\n")
    with pytest.raises(ConfigError, match="syntax error"):
        check_paths([tmp_path / "b.py"], all_rules())


def test_the_place_is_where_the_fault_was_written(tmp_path):
    (tmp_path / "base.py").write_text("train_cfg = dict(by_epoch=True, max_epochs=1)\n")
    child = "_base_ = './base.py'\ntrain_cfg = dict(type='EpochBasedTrainLoop')\n"
    (tmp_path / "child.py").write_text(child)
    report = check_paths([tmp_path / "child.py"], all_rules())
    (_, _, diagnostic) = report.findings[0]
    assert diagnostic.origin.where == f"{tmp_path / 'child.py'}:2:23"
    assert f"{tmp_path / 'base.py'}:1:27" in diagnostic.message
