"""Runs can be undone, one after the other, and what cannot be put back is kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from mmscaffold.writing import WriteError, history, recover, undo, write_files
from mmscaffold.writing.state import state_folder
from writing.conftest import new_of, old_of


def write(paths, command="migrate"):
    return write_files(
        {p: new_of(p) for p in paths}, {p: old_of(p) for p in paths}, command=command
    )


def journals():
    return sorted(path for path in state_folder().glob("trees-*/*/*") if path.is_dir())


def test_undo_puts_every_byte_back_once(tree):
    write(tree)
    restored = undo([tree[0].parent])
    assert (restored.files, restored.left) == (tuple(tree), ())
    assert all(path.read_bytes() == old_of(path) for path in tree)
    assert undo([tree[0].parent]) is None
    assert journals() == []


def test_undo_goes_back_run_after_run(tree):
    write(tree[:5], "one")
    write(tree[5:], "two")
    assert [run.command for run in history([tree[0].parent])] == ["two", "one"]
    assert undo([tree[0].parent]).command == "two"
    assert undo([tree[0].parent]).command == "one"
    assert undo([tree[0].parent]) is None


def test_undo_belongs_to_the_tree(tmp_path):
    paths = []
    for name in ("a", "b"):
        folder = tmp_path / name
        (folder / ".git").mkdir(parents=True)
        paths.append(folder / "c.py")
        paths[-1].write_bytes(b"old")
        write_files({paths[-1]: b"new"}, {paths[-1]: b"old"})
    assert undo([tmp_path / "a"]).files == (paths[0],)
    assert [path.read_bytes() for path in paths] == [b"old", b"new"]
    assert undo([tmp_path / "a"]) is None


def test_what_cannot_be_put_back_is_kept_until_it_can_be(tree):
    write(tree)
    tree[3].write_text("mine")
    moved = tree[4].rename(tree[4].with_suffix(".moved"))
    restored = undo([tree[0].parent])
    assert {path for path, _ in restored.left} == {tree[3], tree[4]}
    assert tree[3].read_text() == "mine"
    assert len(restored.files) == len(tree) - 2
    [kept] = history([tree[0].parent])
    assert kept.partly_undone
    moved.rename(tree[4])
    again = undo([tree[0].parent])
    assert again.files == (tree[4],)
    assert tree[4].read_bytes() == old_of(tree[4])
    given = undo([tree[0].parent], give_up=True)
    assert given.given_up
    assert tree[3].read_text() == "mine"
    assert history([tree[0].parent]) == []


def break_index(folder):
    (folder / "journal.json").write_text("{")


def break_contents(folder):
    (folder / "contents").write_bytes(b"")


def remove_index(folder):
    (folder / "journal.json").unlink()


def lead_outside(folder):
    index = json.loads((folder / "journal.json").read_text())
    index["entries"][0]["name"] = "../../outside.py"
    (folder / "journal.json").write_text(json.dumps(index))


@pytest.mark.parametrize("harm", [break_index, break_contents, remove_index, lead_outside])
@pytest.mark.parametrize("status", ["done", "pending"])
def test_a_broken_journal_names_its_folder_and_the_way_out(tree, harm, status):
    write(tree)
    [folder] = journals()
    folder = folder.rename(folder.with_suffix(f".{status}"))
    harm(folder)
    with pytest.raises(WriteError, match="cannot be used") as caught:
        undo([tree[0].parent])
    assert caught.value.where == str(folder)
    assert "--undo --forget" in caught.value.hint
    assert undo([tree[0].parent], give_up=True).given_up
    assert recover([tree[0].parent]) is None
    # Nothing is wedged.
    assert write_files({tree[0]: b"x"}, {tree[0]: new_of(tree[0])}) == [tree[0]]


def test_half_deleted_journals_disturb_nobody(tree):
    write(tree)
    [folder] = journals()
    for status in ("new", "trash"):
        (folder.parent / f"{1:020d}.{status}").mkdir()
    write_files({tree[0]: b"x"}, {tree[0]: new_of(tree[0])})
    assert len(journals()) == 2


def test_two_runs_at_once_one_of_them_is_refused_whatever_their_state_folders(tree, tmp_path):
    holder = (
        "import pathlib, sys, time\n"
        "from mmscaffold.writing.locks import locked\n"
        "root = pathlib.Path(sys.argv[1])\n"
        "with locked(root, [root / '0.py'], root / 'lock'):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    words = [sys.executable, "-c", holder, str(tree[0].parent)]
    state = {**os.environ, "MMSCAFFOLD_STATE": str(tmp_path / "another")}
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=state) as process:
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(WriteError, match="another run of mmscaffold is writing"):
            write(tree)
        process.kill()
    assert all(path.read_bytes() == old_of(path) for path in tree)
    # The lock goes with its process.
    assert write(tree) == tree
