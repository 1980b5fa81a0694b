from __future__ import annotations

import pytest
from mmscaffold.check import Settings, all_rules, check_paths, find_rule
from mmscaffold.config import ConfigError

BROKEN = "train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=1)\n"
ALL = Settings(all_rules())
STUCK = """
from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop


@LOOPS.register_module()
class StuckLoop(EpochBasedTrainLoop):
    def __init__(self, runner, dataloader, max_epochs):
        self.runner = runner
"""


def found(report) -> list[tuple[str, str]]:
    return [(one.rule.id, one.diagnostic.place.path.name) for one in report.findings]


def test_a_folder_lists_what_it_could_not_understand_and_checks_the_rest(tmp_path):
    (tmp_path / "a.py").write_text(BROKEN)
    (tmp_path / "b.py").write_text("x = (\n")
    report = check_paths([tmp_path], ALL)
    assert found(report) == [("MMS101", "a.py")]
    assert [path.name for path, _ in report.not_understood] == ["b.py"]
    assert [path.name for path in report.configs] == ["a.py"]
    # A config that is torn is not checked: no all-clear.
    assert report.exit_code == 2


def test_a_named_file_that_cannot_be_read_ends_with_2_but_not_without_the_rest(tmp_path):
    (tmp_path / "a.py").write_text(BROKEN)
    (tmp_path / "b.py").write_text("x = (\n")
    report = check_paths([tmp_path / "a.py", tmp_path / "b.py"], ALL)
    assert found(report) == [("MMS101", "a.py")]
    assert report.exit_code == 2


def test_a_path_that_does_not_exist_or_is_a_log_is_an_error(tmp_path):
    report = check_paths([tmp_path / "nope.py"], ALL)
    assert report.exit_code == 2
    (tmp_path / "run.log").write_text("")
    with pytest.raises(ConfigError, match="mmscaffold diagnose"):
        check_paths([tmp_path / "run.log"], ALL)


def test_the_place_is_where_the_fault_was_written_and_the_fault_is_told_once(tmp_path):
    (tmp_path / "base.py").write_text("train_cfg = dict(by_epoch=True, max_epochs=1)\n")
    child = "_base_ = './base.py'\ntrain_cfg = dict(type='EpochBasedTrainLoop')\n"
    (tmp_path / "child.py").write_text(child)
    (tmp_path / "grandchild.py").write_text("_base_ = './child.py'\n")
    (finding,) = check_paths([tmp_path], ALL).findings
    assert str(finding.diagnostic.place) == f"{tmp_path / 'child.py'}:2:23"
    assert f"{tmp_path / 'base.py'}:1:27" in finding.diagnostic.message
    assert [path.name for path in finding.seen_in] == ["child.py", "grandchild.py"]


def test_configs_and_code_of_one_folder_are_told_apart(tmp_path):
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "a.py").write_text(BROKEN)
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("from . import loops\n")
    (tmp_path / "package" / "loops.py").write_text(STUCK)
    report = check_paths([tmp_path], ALL)
    assert [path.name for path in report.configs] == ["a.py"]
    assert sorted(path.name for path in report.code) == ["__init__.py", "loops.py"]
    assert ("MMS101", "a.py") in found(report)
    assert any(rule.startswith("MMS2") and name == "loops.py" for rule, name in found(report))


def test_a_comment_hides_a_finding_and_is_told_when_it_hides_nothing(tmp_path):
    path = tmp_path / "a.py"
    path.write_text(BROKEN.replace("\n", "  # mmscaffold: ignore[MMS101] shows the error\n"))
    assert check_paths([path], ALL).findings == []
    path.write_text("train_cfg = None  # mmscaffold: ignore[MMS101]\n")
    assert found(check_paths([path], ALL)) == [("MMS001", "a.py")]
    # Where the rule did not run, nothing can be said of the comment.
    assert check_paths([path], Settings((find_rule("MMS001"),))).findings == []


def test_a_comment_in_a_base_hides_what_all_its_children_show(tmp_path):
    (tmp_path / "a.py").write_text(BROKEN.replace("\n", "  # mmscaffold: ignore[MMS101] yes\n"))
    (tmp_path / "b.py").write_text("_base_ = './a.py'\n")
    assert check_paths([tmp_path / "b.py"], ALL).findings == []


def test_notes_do_not_count_for_the_exit_code(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_begin=13)\n")
    report = check_paths([path], ALL)
    assert found(report) == [("MMS115", "a.py")]
    assert report.exit_code == 0


def test_what_is_not_known_is_told_with_its_place(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("_base_ = 'mmpose::_base_/x.py'\ntrain_cfg = dict(max_epochs=1)\n")
    ((where, what),) = check_paths([path], ALL).unknown.items()
    assert where.startswith(f"{path}:1:")
    assert what.startswith("train_cfg: its base mmpose::_base_/x.py belongs to mmpose")


def test_an_overlay_stands_in_for_the_files(tmp_path):
    path = tmp_path / "a.py"
    path.write_text(BROKEN)
    fixed = {path: b"train_cfg = dict(by_epoch=True, max_epochs=1)\n"}
    assert found(check_paths([path], ALL)) == [("MMS101", "a.py")]
    assert check_paths([path], ALL, overlay=fixed).findings == []


def test_several_processes_report_what_one_does(tmp_path):
    for number in range(12):
        (tmp_path / f"{number:02}.py").write_text(BROKEN if number % 3 else "x = (\n")
    (tmp_path / "12.py").write_text("_base_ = './01.py'  # mmscaffold: ignore\n")
    one = check_paths([tmp_path], ALL, processes=1)
    several = check_paths([tmp_path], ALL, processes=3)
    assert several.findings == one.findings
    assert several.configs == one.configs
    assert [str(error) for error in several.not_understood] == [
        str(error) for error in one.not_understood
    ]
    assert len(one.findings) == 9


@pytest.mark.parametrize("processes", [1, 2])
def test_the_progress_reaches_the_end(tmp_path, processes):
    for name in "acde":
        (tmp_path / f"{name}.py").write_text(BROKEN)
    (tmp_path / "b.py").write_text(STUCK)
    told = []
    check_paths(
        [tmp_path], ALL, lambda done, total: told.append((done, total)), processes=processes
    )
    assert told[-1] == (5, 5)
    assert told == sorted(told)
    assert len(told) > 3


def test_paths_may_be_relative_and_given_twice(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text(BROKEN)
    report = check_paths([tmp_path, tmp_path / "a.py", tmp_path / "." / "a.py"], ALL)
    assert len(report.configs) == 1
    assert report.configs[0] == tmp_path / "a.py"


def test_a_config_that_shows_a_finding_twice_is_named_once(tmp_path):
    (tmp_path / "a.py").write_text(
        "default_scope = 'mmdet'\n"
        "model = dict(type='RetinaNet')\n"
        "val_dataloader = test_dataloader = dict()\n"
        "val_evaluator = test_evaluator = dict(type='CocoMetrics')\n"
    )
    found = check_paths([tmp_path], Settings((find_rule("MMS139"),))).findings
    assert [[path.name for path in one.seen_in] for one in found] == [["a.py"]]
