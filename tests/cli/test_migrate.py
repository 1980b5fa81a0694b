"""The command as people type it: output, exit codes, and not a byte lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mmscaffold.cli.main import group
from mmscaffold.writing.state import state_folder
from support.packages import write_package

CONFIG = (
    "model = dict(type='RetinaNet')  # keep me\n"
    "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
)
TABLE = """
[tool.mmscaffold]
package = "my_project"
runner = "MyRunner"
[tool.mmscaffold.classes]
RetinaNet = "MyRetinaNet"
EpochBasedTrainLoop = "MyEpochBasedTrainLoop"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text(TABLE)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "a.py").write_text(CONFIG)
    write_package(tmp_path, "my_project", "MyRunner", "MyRetinaNet", "MyEpochBasedTrainLoop")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def migrate(*words: str) -> Result:
    return CliRunner().invoke(group, ["migrate", *words])


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_in_place_by_default_and_idempotent(folder):
    ended = migrate("configs/a.py")
    assert ended.exit_code == 0, ended.output
    assert "1 file written" in ended.output
    assert "model.type: 'RetinaNet' -> 'MyRetinaNet'" in ended.output
    assert "# keep me" in (folder / "configs" / "a.py").read_text()
    after = snapshot(folder)
    again = migrate("configs/a.py")
    assert again.exit_code == 0
    assert "0 files written" in again.output
    assert snapshot(folder) == after


def test_diff_shows_and_writes_nothing_and_exits_with_1(folder):
    before = snapshot(folder)
    ended = migrate("configs/a.py", "--diff")
    assert ended.exit_code == 1
    assert "--- a/configs/a.py" in ended.output
    assert "+model = dict(type='MyRetinaNet')  # keep me" in ended.output
    assert "Nothing was written." in ended.output
    assert snapshot(folder) == before


def test_check_is_quiet_and_exits_with_1_until_migrated(folder):
    ended = migrate("configs/a.py", "--check")
    assert (ended.exit_code, ended.output) == (1, "")
    assert migrate("configs/a.py").exit_code == 0
    ended = migrate("configs/a.py", "--check")
    assert (ended.exit_code, ended.output) == (0, "")


def test_output_leaves_the_original_alone(folder):
    before = snapshot(folder / "configs")
    ended = migrate("configs/a.py", "--output", "out")
    assert ended.exit_code == 0
    assert snapshot(folder / "configs") == before
    assert "MyRetinaNet" in (folder / "out" / "a.py").read_text()


def test_the_project_may_be_named(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "b.py"
    elsewhere.write_text(CONFIG)
    assert migrate(str(elsewhere), "--project", str(folder)).exit_code == 0
    assert "MyRetinaNet" in elsewhere.read_text()


BAD = {
    "a missing file": ("nope.py", None, "nope.py: no such file"),
    "a folder without configs": ("empty", "mkdir", "empty: holds no config files"),
    "a syntax error": ("bad.py", b"x = (\n", "bad.py:1: syntax error"),
    "no train_cfg": ("bad.py", b"x = 1\n", "bad.py: has no train_cfg"),
    "a 2.x config": ("bad.py", b"runner = dict()\ndata = dict()\n", "bad.py:1:10: is an MMDet"),
    "not UTF-8": ("bad.py", b"y = 1\nx = '\xff'\n", "bad.py:2: not UTF-8"),
    "a missing base": ("bad.py", b"_base_ = './no.py'\n", "bad.py:1:10: its base"),
    "another file type": ("bad.txt", b"x = 1\n", "bad.txt: .txt is "),
}


@pytest.mark.parametrize(("name", "content", "message"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_message_and_exit_code_2(folder, name, content, message):
    if content == "mkdir":
        (folder / name).mkdir()
    elif content is not None:
        (folder / name).write_bytes(content)
    before = snapshot(folder)
    # A good config beside the bad one must not be written either.
    ended = migrate("configs/a.py", name)
    assert ended.exit_code == 2, ended.output
    assert ended.output.startswith("error: ")
    assert message in ended.output
    assert "Traceback" not in ended.output
    assert snapshot(folder) == before


def test_a_link_to_itself_is_an_error(folder):
    link = folder / "self.py"
    link.symlink_to(link)
    ended = migrate(str(link), "--max-epochs", "24")
    assert ended.exit_code == 2
    assert "self.py" in ended.output


def test_a_read_only_file_is_left_alone(folder):
    (folder / "configs" / "b.py").write_text(CONFIG)
    (folder / "configs" / "b.py").chmod(0o444)
    before = snapshot(folder)
    ended = migrate("configs")
    assert ended.exit_code == 2
    assert "configs/b.py: is read-only; no file was changed" in ended.output
    assert snapshot(folder) == before


def test_no_project_is_an_error(folder):
    (folder / "pyproject.toml").unlink()
    ended = migrate("configs/a.py")
    assert ended.exit_code == 2
    assert "no project in or above" in ended.output


def test_a_wrong_class_map_names_its_line(folder):
    (folder / "pyproject.toml").write_text(TABLE.replace("runner", "runer"))
    ended = migrate("configs/a.py")
    assert ended.exit_code == 2
    assert "pyproject.toml:4: unknown key 'runer'" in ended.output


SCHEDULE = "param_scheduler = [dict(type='MultiStepLR', end=12, milestones=[8, 11])]\n"


def test_a_new_length_moves_the_schedule_too(folder):
    path = folder / "configs" / "a.py"
    path.write_text(CONFIG + SCHEDULE)
    ended = migrate("configs/a.py", "--max-epochs", "36")
    assert ended.exit_code == 0, ended.output
    assert "param_scheduler[0].milestones: [8, 11] -> [24, 33]" in ended.output
    assert "end=36, milestones=[24, 33]" in path.read_text()
    assert "type='MyEpochBasedTrainLoop', max_epochs=36" in path.read_text()


def test_a_new_length_alone_needs_no_project(folder):
    (folder / "pyproject.toml").unlink()
    path = folder / "configs" / "a.py"
    path.write_text(CONFIG + SCHEDULE)
    ended = migrate("configs/a.py", "--max-epochs", "36")
    assert ended.exit_code == 0, ended.output
    assert "type='RetinaNet'" in path.read_text()
    assert "max_epochs=36" in path.read_text()
    assert migrate("configs/a.py").exit_code == 2


@pytest.mark.parametrize(
    ("step", "changed"),
    [
        ("runner", {"runner_type"}),
        ("loops", {"train_cfg.type"}),
        ("model", {"model.type"}),
        ("imports", {"custom_imports"}),
        ("length", {"train_cfg.max_epochs"}),
    ],
)
def test_one_step_at_a_time(folder, step, changed):
    ended = migrate(
        "configs/a.py", "--only", step, "--max-epochs", "24", "--diff", "--format", "json"
    )
    printed = ended.output[ended.output.index("{") :]
    (file,) = json.loads(printed)["files"]
    assert {change["key"] for change in file["changes"]} == changed
    assert ended.exit_code == 1


def test_the_command_line_s_map_wins(folder):
    mapped = ("--map", "RetinaNet=other.models:Detector", "--map", "Runner=other.Runner")
    assert migrate("configs/a.py", *mapped).exit_code == 0
    text = (folder / "configs" / "a.py").read_text()
    assert "type='other.models.Detector'" in text
    assert "runner_type = 'other.Runner'" in text


@pytest.mark.parametrize(
    "words",
    [
        ("--max-epochs", "3", "--max-iters", "3"),
        ("--max-epochs", "0"),
        ("--only", "length"),
        ("--only", "nothing"),
        ("--map", "RetinaNet"),
        ("--max-iters", "3"),
    ],
)
def test_options_that_make_no_sense_change_nothing(folder, words):
    before = snapshot(folder)
    ended = migrate("configs/a.py", *words)
    assert ended.exit_code == 2
    assert ended.output.strip()
    assert "Traceback" not in ended.output
    assert snapshot(folder) == before


def test_undo_restores_the_last_run_byte_for_byte(folder):
    before = snapshot(folder)
    assert migrate("configs/a.py").exit_code == 0
    assert snapshot(folder) != before
    ended = migrate("--undo")
    assert ended.exit_code == 0
    assert "restored: configs/a.py" in ended.output
    assert snapshot(folder) == before
    assert migrate("--undo").output == "No run to undo.\n"


def test_undo_says_what_it_leaves_alone(folder):
    migrate("configs/a.py")
    (folder / "configs" / "a.py").write_text("mine = 1\n")
    ended = migrate("--undo")
    assert ended.exit_code == 1
    assert "left alone because it has changed since: configs/a.py" in ended.output
    assert (folder / "configs" / "a.py").read_text() == "mine = 1\n"


def test_undo_in_a_folder_reverts_what_was_migrated_in_that_folder(folder, monkeypatch):
    """Two folders of one project, each with a run of its own."""
    for name in ("one", "two"):
        (folder / name).mkdir()
        (folder / name / "c.py").write_text(CONFIG)
        assert migrate(name).exit_code == 0
    monkeypatch.chdir(folder / "one")
    ended = migrate("--undo")
    assert "restored: c.py" in ended.output
    assert "before `mmscaffold migrate one`" in ended.output
    assert (folder / "one" / "c.py").read_text() == CONFIG
    assert (folder / "two" / "c.py").read_text() != CONFIG
    assert migrate("--undo").output == "No run to undo.\n"
    assert migrate("--undo", "../two").exit_code == 0
    assert (folder / "two" / "c.py").read_text() == CONFIG


def test_history_lists_the_runs_latest_first(folder):
    assert migrate("--history").output == "No run to undo.\n"
    migrate("configs/a.py", "--only", "runner")
    migrate("configs", "--max-epochs", "36", "--only", "length")
    lines = migrate("--history").output.splitlines()
    assert [line.split("  ", 1)[1] for line in lines] == [
        "1 file  migrate configs --max-epochs 36 --only length",
        "1 file  migrate configs/a.py --only runner",
    ]
    runs = json.loads(migrate("--history", "--format", "json").output)["runs"]
    assert [run["files"] for run in runs] == [[str(folder / "configs" / "a.py")]] * 2
    assert migrate("--undo").exit_code == 0
    assert len(migrate("--history").output.splitlines()) == 1


def test_forget_gives_up_what_cannot_be_restored(folder):
    migrate("configs/a.py")
    (folder / "configs" / "a.py").write_text("mine = 1\n")
    for _ in range(2):
        ended = migrate("--undo")
        assert ended.exit_code == 1
        assert "left alone because it has changed since: configs/a.py" in ended.output
    assert "1 file left from an --undo" in migrate("--history").output
    ended = migrate("--undo", "--forget")
    assert ended.exit_code == 0
    assert "given up because it has changed since: configs/a.py" in ended.output
    assert migrate("--undo").output == "No run to undo.\n"
    assert (folder / "configs" / "a.py").read_text() == "mine = 1\n"


@pytest.mark.parametrize("words", [("--forget",), ("--undo", "--history"), ("--forget", ".")])
def test_options_of_past_runs_that_make_no_sense(folder, words):
    migrate("configs/a.py")
    after = snapshot(folder)
    assert migrate(*words).exit_code == 2
    assert snapshot(folder) == after


def test_a_damaged_journal_ends_a_run_with_its_folder_and_the_way_out(folder):
    before = snapshot(folder)
    migrate("configs/a.py")
    [journal] = state_folder().glob("trees-*/*/*.done")
    journal = journal.rename(journal.with_suffix(".pending"))
    (journal / "journal.json").unlink()
    written = snapshot(folder)
    for words in (("configs", "--max-epochs", "3"), ("--undo",)):
        ended = migrate(*words)
        assert ended.exit_code == 2
        assert str(journal) in ended.output
        assert "--undo --forget" in ended.output
        assert snapshot(folder) == written != before
    assert migrate("--undo", "--forget").exit_code == 0
    assert migrate("configs", "--max-epochs", "3").exit_code == 0


def test_a_config_from_standard_input_goes_to_standard_output(folder):
    before = snapshot(folder)
    words = ["migrate", "-", "--stdin-filename", "configs/new.py"]
    ended = CliRunner().invoke(group, words, input=CONFIG)
    assert ended.exit_code == 0
    assert ended.output.startswith("model = dict(type='MyRetinaNet')  # keep me\n")
    assert snapshot(folder) == before
    assert CliRunner().invoke(group, [*words, "--check"], input=CONFIG).exit_code == 1
    again = CliRunner().invoke(group, words, input=ended.output)
    assert again.output == ended.output
    assert migrate("-", "--output", "out").exit_code == 2


def test_mmengine_repeats_the_verification(folder):
    (folder / "configs" / "b.py").write_text(
        "_base_ = './a.py'\nname = '{{ fileBasenameNoExtension }}'\nhere = '{{ fileDirname }}'\n"
    )
    ended = migrate("configs", "--verify=mmengine")
    assert ended.exit_code == 0, ended.output
    assert "mmengine loads 2 configs exactly as planned." in ended.output
    assert "MyRetinaNet" in (folder / "configs" / "a.py").read_text()


def test_what_mmengine_cannot_load_is_said(folder):
    (folder / "configs" / "b.py").write_text(
        CONFIG + "import os\nx = os.environ['NOT_SET_AT_ALL']\n"
    )
    ended = migrate("configs", "--verify=mmengine", "--diff")
    assert ended.exit_code == 1, ended.output
    assert "mmengine loads 1 config exactly as planned." in ended.output
    assert "can load neither the old nor the new config: configs/b.py: " in ended.output


def test_what_was_verified_is_said_in_one_sentence(folder):
    assert (
        "Verified: 1 config re-resolved; it differs only in the changes above "
        "(1 edited, 0 unchanged).\n"
    ) in migrate("configs/a.py").output
    (folder / "configs" / "b.py").write_text(CONFIG)
    assert (
        "Verified: 2 configs re-resolved; they differ only in the changes above "
        "(1 edited, 1 unchanged).\n"
    ) in migrate("configs").output


def test_a_key_that_is_not_there_is_null_for_machines(folder):
    ended = migrate("configs/a.py", "--diff", "--format", "json", "--only", "runner")
    (change,) = json.loads(ended.output)["files"][0]["changes"]
    assert (change["key"], change["old"], change["new"]) == ("runner_type", None, "MyRunner")


def test_the_number_of_changed_lines_is_said(folder):
    ended = migrate("configs/a.py")
    # Both statements, the import of the package, and the Runner.
    assert "4 lines changed in 1 file." in ended.output


@pytest.mark.parametrize(
    "words",
    [
        ("--to-iters", "--to-epochs"),
        ("--to-iters", "--max-epochs", "3"),
        ("--iters-per-epoch", "3"),
        ("--to-iters", "--iters-per-epoch", "3", "--dataset-size", "9"),
    ],
)
def test_units_and_lengths_exclude_each_other(folder, words):
    before = snapshot(folder)
    assert migrate("configs/a.py", *words).exit_code == 2
    assert snapshot(folder) == before


def test_epochs_become_iterations(folder):
    ended = migrate("configs/a.py", "--to-iters", "--iters-per-epoch", "100", "--only", "length")
    assert ended.exit_code == 0, ended.output
    text = (folder / "configs" / "a.py").read_text()
    assert "type='IterBasedTrainLoop', max_iters=1200" in text
    assert "train_cfg.max_iters: (none) -> 1200" in ended.output


SECOND = (
    "from mmdet.models import RetinaNet\nfrom mmdet.registry import MODELS\n\n\n"
    "@MODELS.register_module()\nclass {0}(RetinaNet):\n    pass\n"
)


def test_classes_that_do_not_replace_by_themselves_come_as_a_table_to_paste(folder):
    without = TABLE.partition("[tool.mmscaffold.classes]")[0]
    (folder / "pyproject.toml").write_text(without)
    (folder / "my_project" / "models.py").write_text(SECOND.format("TeacherNet"))
    ended = migrate("configs/a.py", "--diff")
    assert ended.exit_code == 1, ended.output
    assert "paste what is right into pyproject.toml:" in ended.output
    assert "[tool.mmscaffold.classes]" in ended.output
    assert 'RetinaNet = "TeacherNet"' in ended.output


def test_what_changes_in_files_that_are_not_edited_is_said_too(folder):
    configs = folder / "configs"
    (configs / "a.py").write_text("train_cfg = dict(by_epoch=True, max_epochs=12)\n")
    (configs / "twice.py").write_text(
        "_base_ = './a.py'\nlast = _base_.train_cfg.max_epochs * 2\n"
    )
    (configs / "same.py").write_text("_base_ = './a.py'\n")
    (configs / "own.py").write_text("_base_ = './a.py'\ntrain_cfg = dict(max_epochs=7)\n")
    output = migrate("configs/a.py", "--max-epochs", "24", "--only", "length", "--diff").output
    assert (
        "configs/a.py\n  train_cfg.max_epochs: 12 -> 24\n"
        "configs/twice.py (through its bases)\n  last: 24 -> 48\n"
    ) in output
    assert (
        "note: 2 configs elsewhere inherit from an edited one, so they changed too: "
        "configs/same.py, configs/twice.py\n"
    ) in output
