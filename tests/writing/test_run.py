"""All files of a run are written, or none; what belongs to a file stays with it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from mmscaffold.config import ConfigError
from mmscaffold.facts.units import Unit
from mmscaffold.migrate import plan_migration
from mmscaffold.migrate.task import NewLength, Task
from mmscaffold.writing import WriteError, history, replacing, undo, write_copies, write_files
from writing.conftest import new_of, old_of


def write(paths):
    return write_files({p: new_of(p) for p in paths}, {p: old_of(p) for p in paths})


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_all_files_are_replaced_and_nothing_is_left_behind(tree):
    before = names(tree[0].parent)
    assert write(tree) == tree
    assert all(path.read_bytes() == new_of(path) for path in tree)
    assert names(tree[0].parent) == before


def test_modes_are_kept(tree):
    tree[0].chmod(0o640)
    write(tree)
    assert stat.S_IMODE(tree[0].stat().st_mode) == 0o640


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="needs extended attributes")
def test_extended_attributes_are_kept(tree):
    try:
        os.setxattr(tree[0], "user.mmscaffold", b"kept")
    except OSError:
        pytest.skip("needs extended attributes")
    write(tree)
    assert os.getxattr(tree[0], "user.mmscaffold") == b"kept"


def test_a_symbolic_link_stays_one_and_its_target_changes(tree):
    link = tree[0].parent / "link.py"
    link.symlink_to(tree[0].name)
    write_files({link: b"new"}, {link: old_of(tree[0])})
    assert link.is_symlink()
    assert tree[0].read_bytes() == b"new"
    undo([link.parent])
    assert tree[0].read_bytes() == old_of(tree[0])


def test_a_hard_link_stays_one_and_is_undone(tree):
    other = tree[0].parent / "other[1].py"
    os.link(tree[0], other)
    write(tree)
    assert other.read_bytes() == new_of(tree[0])
    assert tree[0].stat().st_nlink == 2
    undo([tree[0].parent])
    assert other.read_bytes() == old_of(tree[0])
    assert tree[0].stat().st_nlink == 2


def test_an_overwrite_in_place_that_fails_leaves_the_old_bytes(tree, monkeypatch):
    os.link(tree[7], tree[0].parent / "other.py")
    real = os.ftruncate
    calls = iter([OSError(28, "No space left on device")])

    def full(descriptor, size):
        for error in calls:
            raise error
        return real(descriptor, size)

    monkeypatch.setattr(os, "ftruncate", full)
    with pytest.raises(WriteError, match="No space left on device; no file was changed"):
        write(tree)
    assert all(path.read_bytes() == old_of(path) for path in tree)
    assert undo([tree[0].parent]) is None


def test_two_names_of_one_file_are_written_once(tree):
    other = tree[0].parent / "other.py"
    os.link(tree[0], other)
    write_files(
        {tree[0]: b"new", other: b"new"}, {tree[0]: old_of(tree[0]), other: old_of(tree[0])}
    )
    assert tree[0].read_bytes() == other.read_bytes() == b"new"
    undo([other.parent])
    assert other.read_bytes() == old_of(tree[0])


def test_two_names_of_one_file_with_two_contents_are_refused(tree):
    link = tree[0].parent / "link.py"
    link.symlink_to(tree[0].name)
    with pytest.raises(WriteError, match="is the same file as"):
        write_files({tree[0]: b"1", link: b"2"}, {tree[0]: old_of(tree[0]), link: old_of(tree[0])})
    assert tree[0].read_bytes() == old_of(tree[0])


def test_a_link_that_resolves_to_another_config_is_refused_when_planned(tmp_path):
    for name, length in (("a", 12), ("b", 24)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "base.py").write_text(
            f"model = dict()\ntrain_cfg = dict(type='EpochBasedTrainLoop', max_epochs={length})\n"
        )
    (tmp_path / "a" / "c.py").write_text("_base_ = './base.py'\n")
    (tmp_path / "b" / "c.py").symlink_to(tmp_path / "a" / "c.py")
    paths = [tmp_path / "a" / "c.py", tmp_path / "b" / "c.py"]
    with pytest.raises(ConfigError, match="is the same file as"):
        plan_migration(paths, Task(length=NewLength(Unit.EPOCHS, 24)))


def test_a_read_only_file_stops_the_run_before_anything_is_written(tree):
    tree[7].chmod(0o444)
    with pytest.raises(WriteError, match="read-only; no file was changed"):
        write(tree)
    assert all(path.read_bytes() == old_of(path) for path in tree)
    assert undo([tree[0].parent]) is None


def test_a_file_that_changed_meanwhile_stops_the_run(tree):
    tree[1].write_text("edited by someone")
    with pytest.raises(WriteError, match="changed while"):
        write(tree)
    assert tree[1].read_text() == "edited by someone"
    assert tree[0].read_bytes() == old_of(tree[0])


def test_an_edit_saved_while_files_are_staged_is_not_lost(tree, monkeypatch):
    def save(paths):
        tree[15].write_text("saved meanwhile")

    monkeypatch.setattr(replacing, "sync_files", save)
    with pytest.raises(WriteError, match=r"15\.py: changed since the run was planned; no file"):
        write(tree)
    assert tree[15].read_text() == "saved meanwhile"
    others = [path for path in tree if path is not tree[15]]
    assert all(path.read_bytes() == old_of(path) for path in others)


def test_new_files_and_folders_are_made_and_undone(tree):
    made = tree[0].parent / "a" / "b" / "new.py"
    assert write_files({made: b"x", tree[0]: b"y"}, {tree[0]: old_of(tree[0])}) == [made, tree[0]]
    assert made.read_bytes() == b"x"
    undo([made.parent])
    assert not (tree[0].parent / "a").exists()
    assert tree[0].read_bytes() == old_of(tree[0])


def test_a_file_that_should_not_exist_is_not_overwritten(tree):
    with pytest.raises(WriteError, match="exists already"):
        write_files({tree[0]: b"x"}, {})
    assert tree[0].read_bytes() == old_of(tree[0])


def test_a_full_disk_changes_nothing(tree, monkeypatch):
    real = os.fsync
    calls = iter(range(10_000))

    def full(descriptor):
        if next(calls) == 10:
            raise OSError(28, "No space left on device")
        return real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="No space left on device; no file was changed"):
        write(tree)
    monkeypatch.undo()
    assert all(path.read_bytes() == old_of(path) for path in tree)
    assert len(names(tree[0].parent)) == len(tree) + 1


def test_from_another_thread_too(tree):
    done = []
    thread = threading.Thread(target=lambda: done.extend(write(tree)))
    thread.start()
    thread.join()
    assert done == tree


def test_a_state_folder_that_cannot_be_written_stops_the_run(tree, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MMSCAFFOLD_STATE", str(tmp_path / "file"))
    with pytest.raises(WriteError, match="cannot be written to"):
        write(tree)
    assert all(path.read_bytes() == old_of(path) for path in tree)


def test_a_run_with_no_files_leaves_no_trace(tree):
    assert write_files({}, {}) == []
    assert history([tree[0].parent]) == []


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


def may_mount():
    """Whether a small file system can be mounted, in a namespace of one's own."""
    words = ["unshare", "--map-root-user", "--mount", "true"]
    return bool(shutil.which("unshare")) and subprocess.run(words, check=False).returncode == 0


@pytest.mark.skipif(not may_mount(), reason="needs unshare")
def test_a_disk_that_is_really_full_changes_nothing(tmp_path):
    """On a tmpfs of 128 KiB there is room for the old files, not for the new beside them."""
    small = tmp_path / "small"
    small.mkdir()
    script = f"""
import pathlib, sys
from mmscaffold.writing import WriteError, write_files
paths = [pathlib.Path({str(small)!r}, f'{{number}}.py') for number in range(20)]
old = {{path: b'old' * 1000 for path in paths}}
for path in paths:
    path.write_bytes(old[path])
try:
    write_files({{path: b'new' * 1300 for path in paths}}, old)
except WriteError as error:
    print(error)
assert sorted(pathlib.Path({str(small)!r}).iterdir()) == sorted(paths)
assert all(path.read_bytes() == old[path] for path in paths)
"""
    mount = f'mount -t tmpfs -o size=128k tmpfs {small} && exec {sys.executable} -c "$0"'
    words = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, script]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "No space left on device; no file was changed" in ended.stdout
