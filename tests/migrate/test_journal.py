"""A run can be undone, and one that is killed leaves nothing that cannot be put back."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mmscaffold.migrate.journal import (
    locked,
    recover_interrupted,
    state_folder,
    undo,
    write_journalled,
)
from mmscaffold.migrate.write import WriteError

KILLS = 200


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "tree"
    folder.mkdir()
    paths = [folder / f"{number}.py" for number in range(20)]
    for path in paths:
        path.write_bytes(old_of(path))
    return paths


def old_of(path: Path) -> bytes:
    return b"old " + path.name.encode() * 50


def new_of(path: Path) -> bytes:
    return b"new " + path.name.encode() * 70


def write(paths):
    return write_journalled({p: new_of(p) for p in paths}, {p: old_of(p) for p in paths})


def test_undo_puts_every_byte_back_once(tree):
    assert write(tree) == tree
    restored = undo()
    assert (restored.files, restored.left) == (tuple(tree), ())
    assert all(path.read_bytes() == old_of(path) for path in tree)
    assert undo() is None


def test_undo_leaves_alone_what_changed_since(tree):
    write(tree)
    tree[3].write_text("mine")
    tree[4].unlink()
    restored = undo()
    assert restored.left == (tree[3], tree[4])
    assert tree[3].read_text() == "mine"
    assert len(restored.files) == len(tree) - 2


def test_the_last_run_is_undone_not_the_one_before(tree):
    write(tree[:5])
    write(tree[5:])
    assert undo().files == tuple(tree[5:])
    assert undo() is None


def test_a_run_that_fails_leaves_no_journal(tree):
    tree[7].chmod(0o444)
    with pytest.raises(WriteError, match="read-only"):
        write(tree)
    assert all(path.read_bytes() == old_of(path) for path in tree)
    assert undo() is None


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_moment_no_file_is_partial_and_the_next_run_restores(tree):
    start = time.perf_counter()
    write(tree)
    duration = time.perf_counter() - start
    undo()
    chance = random.Random(12324)
    halfway = 0
    for kill in range(KILLS):
        child = os.fork()
        if child == 0:
            write(tree)
            os._exit(0)
        if kill % 2:
            time.sleep(chance.uniform(0, duration * 1.2))
        else:
            # Half of them while files are being replaced, however slow this machine is.
            wait_until_new(chance.choice(tree), duration * 20)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = [path.read_bytes() for path in tree]
        assert all(raw in (old_of(p), new_of(p)) for p, raw in zip(tree, found, strict=True))
        new = sum(raw == new_of(path) for path, raw in zip(tree, found, strict=True))
        halfway += 0 < new < len(tree)
        recover_interrupted()
        undo()
        assert all(path.read_bytes() == old_of(path) for path in tree)
        assert sorted(path.name for path in tree[0].parent.iterdir()) == sorted(
            path.name for path in tree
        )
    assert halfway > 5


def wait_until_new(path: Path, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while path.read_bytes() == old_of(path) and time.perf_counter() < end:
        pass


def test_two_runs_at_once_one_of_them_is_refused(tree):
    holder = (
        "import sys, time\n"
        "from mmscaffold.migrate.journal import locked, state_folder\n"
        "with locked(state_folder()):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", holder], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(WriteError, match="another migration"):
            write(tree)
        process.kill()
    assert all(path.read_bytes() == old_of(path) for path in tree)
    # The lock goes with its process.
    assert write(tree) == tree


def test_a_lock_is_let_go(tree):
    with locked(state_folder()):
        pass
    with locked(state_folder()):
        pass


def test_a_state_folder_that_cannot_be_written_stops_the_run(tree, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MMSCAFFOLD_STATE", str(tmp_path / "file"))
    with pytest.raises(WriteError, match="cannot be written to"):
        write(tree)
    assert all(path.read_bytes() == old_of(path) for path in tree)


def test_a_full_disk_changes_nothing(tree, monkeypatch):
    """The disk fills while the new contents are written beside the old."""
    real = os.fsync
    calls = iter(range(10_000))

    def full(descriptor):
        if next(calls) == 10:
            raise OSError(28, "No space left on device")
        return real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match=r"\d+\.py\..*: cannot be written: No space left"):
        write(tree)
    monkeypatch.undo()
    assert all(path.read_bytes() == old_of(path) for path in tree)
    assert len(list(tree[0].parent.iterdir())) == len(tree)


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
from mmscaffold.migrate.journal import write_journalled
from mmscaffold.migrate.write import WriteError
paths = [pathlib.Path({str(small)!r}, f'{{number}}.py') for number in range(20)]
old = {{path: b'old' * 1000 for path in paths}}
for path in paths:
    path.write_bytes(old[path])
try:
    write_journalled({{path: b'new' * 1300 for path in paths}}, old)
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
