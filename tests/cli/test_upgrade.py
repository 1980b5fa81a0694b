"""The command as people type it: output, exit codes, and not a byte lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mmscaffold.cli.main import group
from mmscaffold.upgrade import tree_upgrader
from mmscaffold.upgrade.bases import Twin

SCHEDULE = """\
# optimizer
optimizer = dict(type='SGD', lr=0.02, momentum=0.9)
optimizer_config = dict(grad_clip=None)
lr_config = dict(policy='step', step=[8, 11])
runner = dict(type='EpochBasedRunner', max_epochs=12)
"""
RUN_TIME = "checkpoint_config = dict(interval=2)  # often\nlog_level = 'INFO'\n"
LEAF = """\
_base_ = ['_base_/schedule.py', '_base_/run_time.py']
model = dict(type='RetinaNet', pretrained=None)
data = dict(
    samples_per_gpu=2,
    train=dict(type='CocoDataset', ann_file='a.json', img_prefix='x/', pipeline=[]))
optimizer = dict(lr=0.01)  # smaller
"""
CURRENT = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    configs = tmp_path / "configs"
    (configs / "_base_").mkdir(parents=True)
    (configs / "_base_" / "schedule.py").write_text(SCHEDULE)
    (configs / "_base_" / "run_time.py").write_text(RUN_TIME)
    (configs / "leaf.py").write_text(LEAF)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def upgrade(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(group, ["upgrade", *words], input=stdin)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_in_place_and_a_second_time_there_is_nothing_to_do(folder):
    ended = upgrade("configs")
    assert ended.exit_code == 0, ended.output
    assert "3 files written" in ended.output
    leaf = (folder / "configs" / "leaf.py").read_text()
    assert "optim_wrapper = dict(optimizer=dict(lr=0.01))  # smaller\n" in leaf
    assert "runner" not in leaf
    after = snapshot(folder)
    again = upgrade("configs")
    assert again.exit_code == 0, again.output
    assert "3 configs: nothing to do." in again.output
    assert snapshot(folder) == after


def test_undo_restores_every_byte(folder):
    before = snapshot(folder)
    assert upgrade("configs").exit_code == 0
    assert snapshot(folder) != before
    assert upgrade("configs", "--undo").exit_code == 0
    assert snapshot(folder) == before


@pytest.mark.parametrize("word", ["--diff", "--check"])
def test_what_only_shows_writes_nothing_and_exits_with_1(folder, word):
    before = snapshot(folder)
    ended = upgrade("configs", word)
    assert ended.exit_code == 1, ended.output
    assert ("+optim_wrapper" in ended.output) == (word == "--diff")
    assert snapshot(folder) == before


def test_a_base_that_was_not_named_is_an_error_that_says_so(folder):
    before = snapshot(folder)
    ended = upgrade("configs/leaf.py")
    assert ended.exit_code == 2
    assert "--with-bases" in ended.output
    assert snapshot(folder) == before
    ended = upgrade("configs/leaf.py", "--with-bases")
    assert ended.exit_code == 0, ended.output
    assert "3 files written" in ended.output


def test_a_base_alone_takes_its_heirs_along(folder):
    ended = upgrade("configs/_base_/schedule.py", "configs/_base_/run_time.py")
    assert ended.exit_code == 0, ended.output
    assert "1 config elsewhere inherited from these: upgraded, too." in ended.output
    assert "optim_wrapper" in (folder / "configs" / "leaf.py").read_text()


def test_output_leaves_the_originals_alone(folder):
    before = snapshot(folder)
    ended = upgrade("configs", "--output", "new")
    assert ended.exit_code == 0, ended.output
    assert (folder / "new" / "_base_" / "schedule.py").is_file()
    assert {path: raw for path, raw in snapshot(folder).items() if "/new/" not in path} == before


def test_standard_input_becomes_standard_output(folder):
    ended = upgrade("-", stdin=SCHEDULE)
    assert ended.exit_code == 0, ended.output
    assert ended.output.startswith("# optimizer\noptim_wrapper = dict(")


def test_a_current_config_is_nothing_to_do(folder):
    (folder / "new.py").write_text(CURRENT)
    ended = upgrade("new.py")
    assert ended.exit_code == 0
    assert "1 config: nothing to do." in ended.output


def test_json(folder):
    ended = upgrade("configs", "--diff", "--format", "json")
    document = json.loads(ended.stdout)
    assert {Path(file["path"]).name for file in document["files"]} == {
        "leaf.py",
        "schedule.py",
        "run_time.py",
    }
    leaf = next(file for file in document["files"] if file["path"].endswith("leaf.py"))
    assert set(leaf["ledger"]) == {"moved", "renamed", "derived", "dropped", "noted"}
    assert document["proof"]["resolved"] == 3
    assert document["written"] == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("broken.py", "optimizer = dict(\n", "syntax error"),
        ("lost.py", "_base_ = 'nowhere.py'\noptimizer = dict(lr=1)\n", "does not exist"),
        ("circle.py", "_base_ = './circle.py'\n", "inherits from itself"),
        ("data.yaml", "optimizer:\n  type: SGD\nlr_config:\n  policy: fixed\n", "YAML"),
        ("latin.py", b"# \xe9\noptimizer = dict(lr=1)\n", "UTF-8"),
    ],
)
def test_bad_input_changes_nothing(folder, name, text, said):
    (folder / "configs" / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    before = snapshot(folder)
    ended = upgrade("configs", f"configs/{name}")
    assert ended.exit_code == 2, ended.output
    assert said in ended.output
    assert "Traceback" not in ended.output
    assert snapshot(folder) == before


def test_keep_going_upgrades_the_rest(folder):
    (folder / "configs" / "broken.py").write_text("optimizer = dict(\n")
    ended = upgrade("configs", "--keep-going")
    assert ended.exit_code == 2
    assert "not upgraded" in ended.output
    assert "optim_wrapper" in (folder / "configs" / "leaf.py").read_text()


def test_a_full_disk_changes_nothing(folder, monkeypatch):
    before = snapshot(folder / "configs")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    ended = upgrade("configs")
    monkeypatch.undo()
    assert ended.exit_code == 2, ended.output
    assert snapshot(folder / "configs") == before


def test_mmengine_reads_what_was_planned(folder):
    ended = upgrade("configs", "--verify", "mmengine")
    assert ended.exit_code == 0, ended.output
    assert "mmengine loads 3 configs exactly as planned." in ended.output


def test_onto_a_project_in_one_run(folder):
    (folder / "pyproject.toml").write_text(
        '[tool.mmscaffold]\npackage = "mine"\n[tool.mmscaffold.classes]\n'
        'RetinaNet = "MyRetinaNet"\n'
    )
    before = snapshot(folder / "configs")
    ended = upgrade("configs", "--project", ".")
    assert ended.exit_code == 0, ended.output
    leaf = (folder / "configs" / "leaf.py").read_text()
    assert "type='MyRetinaNet'" in leaf
    assert "optim_wrapper" in leaf
    assert upgrade("configs", "--undo").exit_code == 0
    assert snapshot(folder / "configs") == before


def test_what_changes_in_a_base_is_told_at_the_base_only(folder):
    lines = upgrade("configs", "--diff").output.splitlines()
    leaf = lines.index(f"{Path('configs/leaf.py')}")
    schedule = lines.index(f"{Path('configs/_base_/schedule.py')}")
    assert "lr_config" in lines[schedule + 1]
    assert lines[leaf + 1].startswith("  optimizer, data -> model, ")
    assert "param_scheduler" not in lines[leaf + 1]


def test_a_refusal_names_the_config_and_not_its_base(folder):
    (folder / "configs" / "mixed.py").write_text(
        "_base_ = './leaf.py'\ntrain_dataloader = dict(batch_size=3)\n"
    )
    ended = upgrade("configs", "--keep-going")
    assert ended.exit_code == 2
    assert "not upgraded: " in ended.output
    told = next(line for line in ended.output.splitlines() if line.startswith("not upgraded"))
    assert "mixed.py" in told
    assert "leaf.py" not in told
    assert "3 files written" in ended.output


@pytest.mark.parametrize("bases", ["auto", "convert"])
def test_an_official_base_that_was_not_named_can_give_way(folder, monkeypatch, bases):
    twin = Twin("mmdet::_base_/schedule.py", folder / "twin.py")
    twin.file.write_text("train_cfg = dict(max_epochs=99)\n")
    monkeypatch.setattr(tree_upgrader, "twin_of", lambda *_: twin)
    ended = upgrade("configs/leaf.py", "--bases", bases)
    assert ended.exit_code == 2
    assert "was not named" in ended.output
    assert ("--bases mmdet" in ended.output) == (bases == "auto")
