from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from mmscaffold.migrate import plan_migration, write, write_plan
from mmscaffold.migrate.write import WriteError, replace_files, write_copies


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / name for name in ("a.py", "b.py", "c.py")]
    for path in paths:
        path.write_text(f"old {path.name}")
    return paths


def contents(paths: list[Path]) -> list[str]:
    return [path.read_text() for path in paths]


def replace_all(paths: list[Path]) -> list[Path]:
    return replace_files(
        {path: f"new {path.name}".encode() for path in paths},
        {path: f"old {path.name}".encode() for path in paths},
    )


def test_all_files_are_replaced_and_nothing_is_left_behind(files, tmp_path):
    assert replace_all(files) == files
    assert contents(files) == ["new a.py", "new b.py", "new c.py"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.py", "b.py", "c.py"]


def test_modes_are_kept(files):
    files[0].chmod(0o640)
    replace_all(files)
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o640


def test_a_symbolic_link_stays_one_and_its_target_changes(files, tmp_path):
    link = tmp_path / "link.py"
    link.symlink_to("a.py")
    replace_files({link: b"new"}, {link: b"old a.py"})
    assert link.is_symlink()
    assert files[0].read_text() == "new"


def test_a_hard_link_stays_one(files, tmp_path):
    other = tmp_path / "other.py"
    os.link(files[0], other)
    replace_files({files[0]: b"new"}, {files[0]: b"old a.py"})
    assert other.read_text() == "new"
    assert files[0].stat().st_nlink == 2


def test_a_read_only_file_stops_the_run_before_anything_is_written(files, tmp_path):
    files[2].chmod(0o444)
    with pytest.raises(WriteError, match="read-only"):
        replace_all(files)
    assert contents(files) == ["old a.py", "old b.py", "old c.py"]
    assert len(list(tmp_path.iterdir())) == 3


def test_a_file_that_changed_meanwhile_stops_the_run(files):
    files[1].write_text("edited by someone")
    with pytest.raises(WriteError, match="changed while"):
        replace_all(files)
    assert contents(files) == ["old a.py", "edited by someone", "old c.py"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_half_way_restores_what_was_replaced(files, tmp_path, monkeypatch, error):
    put = write._put

    def fail_once_at_b(temporary: Path, target: Path, raw: bytes) -> None:
        if target.name == "b.py" and raw.startswith(b"new"):
            raise error
        put(temporary, target, raw)

    monkeypatch.setattr(write, "_put", fail_once_at_b)
    with pytest.raises((WriteError, KeyboardInterrupt)):
        replace_all(files)
    assert contents(files) == ["old a.py", "old b.py", "old c.py"]
    assert len(list(tmp_path.iterdir())) == 3


def test_copies_are_written_below_a_folder(tmp_path):
    made = write_copies(tmp_path / "out", {Path("a/b.py"): b"1", Path("c.py"): b"2"})
    assert [path.read_bytes() for path in made] == [b"1", b"2"]
    assert write_copies(tmp_path / "out", {Path("c.py"): b"2"}) == []


def test_copies_never_overwrite_other_contents(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "c.py").write_text("mine")
    with pytest.raises(WriteError, match="different contents"):
        write_copies(out, {Path("a.py"): b"1", Path("c.py"): b"2"})
    assert (out / "c.py").read_text() == "mine"
    assert not (out / "a.py").exists()


def test_a_failure_among_copies_leaves_none_behind(tmp_path):
    (tmp_path / "out").write_text("a file where the folder should be")
    with pytest.raises(WriteError, match="cannot be written"):
        write_copies(tmp_path / "out", {Path("a.py"): b"1"})


def test_a_plan_writes_only_the_files_it_edits(tree, class_map):
    folder = tree(
        base="train_cfg = dict(by_epoch=True, max_epochs=1)\n",
        a="_base_ = './base.py'\nmodel = dict(type='RetinaNet')\n",
    )
    plan = plan_migration([folder / "a.py"], class_map)
    assert write_plan(plan) == [folder / "a.py"]
    assert (folder / "a.py").read_bytes() == plan.files[0].after
