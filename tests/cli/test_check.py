from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group

BROKEN = "train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=1)\n"


@pytest.fixture
def faulty(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text(BROKEN)
    (tmp_path / "b.py").write_text("_base_ = './a.py'\n")
    return tmp_path


def run(*words: str):
    return CliRunner().invoke(group, words)


def test_a_clean_config_exits_with_0(faulty):
    (faulty / "a.py").write_text("train_cfg = dict(by_epoch=True, max_epochs=1)\n")
    ended = run("check", "a.py")
    assert ended.exit_code == 0
    assert "1 config and 0 files of code checked: no findings;" in ended.output


def test_rules_can_be_selected_and_ignored(faulty):
    assert run("check", "a.py", "--select", "MMS102").exit_code == 0
    assert run("check", "a.py", "--select", "MMS101").exit_code == 1
    assert run("check", "a.py", "--select", "MMS2").exit_code == 0
    assert run("check", "a.py", "--select", "MMS2, MMS101").exit_code == 1
    assert run("check", "a.py", "--ignore", "MMS2,MMS1,").exit_code == 0
    for nothing in ("", ",", " "):
        ended = run("check", "a.py", "--select", nothing)
        assert ended.exit_code == 2
        assert "name at least one rule" in ended.output
    assert run("check", "a.py", "--ignore", "loop-type-beside-by-epoch").exit_code == 0
    ended = run("check", "a.py", "--select", "MMS999")
    assert ended.exit_code == 2
    assert "no rule 'MMS999'" in ended.output


@pytest.mark.parametrize("name", ["nope.py", "nope", "a.log"])
def test_a_file_that_cannot_be_checked_exits_with_2_and_no_traceback(faulty, name):
    (faulty / "a.log").write_bytes(b"\xff")
    ended = run("check", name)
    assert ended.exit_code == 2
    assert name in ended.output
    assert not ended.exception or isinstance(ended.exception, SystemExit)


def test_a_broken_table_exits_with_2(faulty):
    (faulty / "pyproject.toml").write_text("[tool.mmscaffold.check]\nselect = 3\n")
    assert run("check", "a.py").exit_code == 2


def test_statistics_count_by_rule(faulty):
    ended = run("check", ".", "--statistics")
    assert ended.exit_code == 1
    assert "     1  error[MMS101]  loop-type-beside-by-epoch  [fixable]" in ended.output
    assert "a.py:1" not in ended.output
    assert run("check", ".", "--statistics", "--format", "json").exit_code == 2


def test_fix_corrects_the_file_that_has_the_fault_and_migrate_undoes_it(faulty):
    ended = run("check", ".", "--fix")
    assert ended.exit_code == 0, ended.output
    assert "1 finding fixed in 1 file" in ended.output
    fixed = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=1)\n"
    assert (faulty / "a.py").read_text() == fixed
    assert (faulty / "b.py").read_text() == "_base_ = './a.py'\n"
    assert run("check", ".").exit_code == 0
    assert run("migrate", "--undo").exit_code == 0
    assert (faulty / "a.py").read_text() == BROKEN


def test_diff_shows_the_fix_and_writes_nothing(faulty):
    ended = run("check", ".", "--diff")
    assert ended.exit_code == 1
    assert "-train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True" in ended.output
    assert "+train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=1)" in ended.output
    assert (faulty / "a.py").read_text() == BROKEN


def test_fix_tells_what_is_left(faulty):
    text = BROKEN.replace("type='EpochBasedTrainLoop'", "type='OwnLoop'")
    (faulty / "a.py").write_text(text)
    ended = run("check", "a.py", "--fix")
    assert ended.exit_code == 1
    assert "error[MMS101]" in ended.output
    assert (faulty / "a.py").read_text() == text


def test_fix_with_a_format_for_machines_prints_nothing_else(faulty):
    ended = run("check", ".", "--fix", "--format", "json")
    assert json.loads(ended.output)["findings"] == []


def test_explain_lists_the_rules_and_shows_a_page():
    assert "MMS102" in run("explain").output
    shown = run("explain", "mms102")
    assert shown.exit_code == 0
    assert shown.output.startswith("# MMS102")
    assert "```python" in shown.output
    assert run("explain", "decay-ends-early").output.startswith("# MMS104")
    assert run("explain", "MMS999").exit_code == 2


def test_fix_tells_what_elsewhere_changed_with_it(faulty):
    ended = run("check", "a.py", "--fix")
    assert ended.exit_code == 0, ended.output
    assert "note: 1 config elsewhere inherits from an edited one" in ended.output
    assert "it changed too: b.py" in ended.output


def test_verbose_says_where_classes_were_read_and_leaves_the_output_alone(faulty):
    (faulty / "a.py").write_text("default_scope = 'mmdet'\nmodel = dict(type='RetinaNet')\n")
    for form in ("text", "json"):
        quiet, told = (
            run("check", "a.py", "--format", form, *more) for more in ((), ("--verbose",))
        )
        assert told.stdout == quiet.stdout
        assert "classes of mmdet: the table of mmdet 3.3.0" in told.stderr
        assert "classes of" not in quiet.stderr


SHORT = """
default_scope = 'mmdet'
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=10)
train_dataloader = dict(
    batch_size=2, dataset=dict(type='CocoDataset', data_root='data/', ann_file='a.json'))
param_scheduler = dict(type='LinearLR', by_epoch=False, begin=0, end=60)
"""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), ""),
        (("--dataset-size", "20"), "100 iterations"),
        (("--dataset-size", "10"), "50 iterations: 10 epochs of 5 (10 images in batches of 2)"),
        (("--dataset-size", "20", "--gpus", "2"), "50 iterations: 10 epochs of 5 (20 images"),
    ],
)
def test_the_user_says_how_much_data_there_is(faulty, words, told):
    (faulty / "a.py").write_text(SHORT)
    ended = run("check", "a.py", *words)
    is_too_short = "50 iterations" in told
    assert ended.exit_code == int(is_too_short)
    assert ("MMS154" in ended.output) is is_too_short
    assert not is_too_short or told in ended.output


def test_annotation_files_beside_the_config_say_so(faulty):
    (faulty / "a.py").write_text(SHORT)
    file = faulty / "data" / "a.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"images": [{"id": one} for one in range(10)]}))
    ended = run("check", "a.py", "--verbose")
    assert ended.exit_code == 1
    assert "10 epochs of 5" in ended.output
    assert "annotations in data/a.json: 10 images, 0 categories" in ended.output
    # What the user says wins.
    assert run("check", "a.py", "--dataset-size", "50").exit_code == 0


@pytest.mark.parametrize("words", [("--dataset-size", "0"), ("--gpus", "x")])
def test_numbers_of_data_are_from_1(faulty, words):
    assert run("check", "a.py", *words).exit_code == 2


def test_without_a_path_the_current_folder_is_checked(faulty):
    assert run("check").output == run("check", ".").output
    assert run("check").exit_code == 1


LOOP = """from mmengine.runner import EpochBasedTrainLoop


class Loop(EpochBasedTrainLoop):
    def run(self):
        while self._epoch < self._max_epochs:
            self.run_epoch()
"""


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("stdin.py", BROKEN, "stdin.py:1:55: error[MMS101]"),
        ("not/there.py", "_base_ = '../a.py'\n", "a.py:1:55: error[MMS101]"),
        ("a.py", "work_dir = 1\ntrain_cfg = dict(max_epochs=1)\n", None),
        ("b.yaml", "train_cfg: {type: EpochBasedTrainLoop, by_epoch: true}\n", "b.yaml:1:"),
        ("loop.py", LOOP, "loop.py:5:5: "),
        ("stdin.py", "train_cfg = dict(\n", "not understood: stdin.py:1"),
        ("broken.py", "class A(:\n", "not understood: broken.py:1"),
    ],
)
def test_a_buffer_is_checked_as_if_it_were_the_file(faulty, name, text, place):
    named = [] if name == "stdin.py" else ["--stdin-filename", name]
    ended = CliRunner().invoke(group, ["check", "-", *named], input=text)
    if place is None:
        assert ended.exit_code == 0, ended.output
    else:
        assert ended.exit_code in (1, 2)
        assert place in ended.output
    assert sorted(path.name for path in faulty.iterdir()) == ["a.py", "b.py"]
    assert (faulty / "a.py").read_text() == BROKEN


def test_a_buffer_shows_its_own_lines_and_is_not_written(faulty):
    ended = CliRunner().invoke(
        group, ["check", "-", "--stdin-filename", "a.py"], input=f"\n\n{BROKEN}"
    )
    assert "a.py:3:55: error[MMS101]" in ended.output
    assert f"    {BROKEN}" in ended.output
    for option in ("--fix", "--diff", "--add-ignore"):
        assert run("check", "-", option).exit_code == 2
    assert run("check", "-", "a.py").exit_code == 2


def test_exit_zero_hides_findings_but_no_error(faulty):
    assert run("check", "--exit-zero").exit_code == 0
    assert "MMS101" in run("check", "--exit-zero").output
    assert run("check", "nope.py", "--exit-zero").exit_code == 2


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_what_is_found_can_go_into_a_file(faulty, form):
    shown = run("check", "--format", form)
    ended = run("check", "--format", form, "--output-file", "out/found")
    assert ended.output == ""
    assert ended.exit_code == shown.exit_code == 1
    assert (faulty / "out" / "found").read_text() == shown.output


def test_a_file_that_cannot_be_written_exits_with_2(faulty):
    assert run("check", "--output-file", "a.py/x").exit_code == 2
    assert run("check", "--output-file", ".").exit_code == 2
    assert (faulty / "a.py").read_text() == BROKEN


def test_all_that_is_found_can_be_suppressed_and_undone(faulty):
    (faulty / "loop.py").write_text(LOOP)
    shown = run("check", "--add-ignore", "--diff")
    assert shown.exit_code == 1
    assert "+train_cfg" in shown.output
    assert (faulty / "loop.py").read_text() == LOOP
    ended = run("check", "--add-ignore")
    assert ended.exit_code == 0, ended.output
    assert "suppressed in 2 files" in ended.output
    assert run("check").exit_code == 0
    assert (faulty / "a.py").read_text() == BROKEN.replace(
        "\n", "  # mmscaffold: ignore[MMS101]\n"
    )
    assert run("migrate", "--undo").exit_code == 0
    assert (faulty / "a.py").read_text() == BROKEN
    assert (faulty / "loop.py").read_text() == LOOP


def test_what_cannot_be_suppressed_is_told(faulty):
    (faulty / "c.json").write_text('{"train_cfg": {"type": "IterBasedTrainLoop", "by_epoch": 1}}')
    ended = run("check", "c.json", "--add-ignore")
    assert ended.exit_code == 1
    assert "not suppressed: c.json:1:" in ended.output
    assert "JSON has no comments" in ended.output
    assert run("check", "--add-ignore", "--fix").exit_code == 2
