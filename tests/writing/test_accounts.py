"""Several accounts and one tree: owners are kept, locks hold, foreign journals are refused."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from mmscaffold.writing import WriteError, recover, undo, write_files
from mmscaffold.writing.locks import locked
from mmscaffold.writing.state import state_folder

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root"
)
ALICE, BOB = 12345, 12346


@pytest.fixture
def shared():
    """A folder that every account can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="mmscaffold-accounts-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def as_user(user, work):
    """Do some work as another user; what it returned, or what it raised, as text."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            told = str(work())
        except BaseException as error:
            told = f"{type(error).__name__}: {error}"
        os.write(writer, told.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read().decode()
    os.waitpid(child, 0)
    return told


def config(shared, owner, mode, group=None):
    tree = shared / "tree"
    tree.mkdir(exist_ok=True)
    tree.chmod(0o777)
    (tree / "pyproject.toml").write_text("")
    path = tree / "c.py"
    path.write_bytes(b"old")
    os.chown(path, owner, owner if group is None else group)
    path.chmod(mode)
    return path


def with_state(folder):
    os.environ["MMSCAFFOLD_STATE"] = str(folder)


def test_root_keeps_owner_group_and_mode(shared):
    path = config(shared, ALICE, 0o640, BOB)
    write_files({path: b"new"}, {path: b"old"})
    for content in (b"new", b"old"):
        status = path.stat()
        assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (ALICE, BOB, 0o640)
        assert path.read_bytes() == content
        undo([path])


def test_who_may_not_give_files_away_writes_over_them_where_they_lie(shared):
    path = config(shared, BOB, 0o666)

    def work():
        with_state(shared / "alice")
        write_files({path: b"new"}, {path: b"old"})
        return "written"

    assert as_user(ALICE, work) == "written"
    assert path.stat().st_uid == BOB
    assert path.read_bytes() == b"new"

    def back():
        with_state(shared / "alice")
        return undo([path]).left

    assert as_user(ALICE, back) == "()"
    assert path.read_bytes() == b"old"


def test_who_may_neither_is_refused_with_the_reason(shared):
    path = config(shared, BOB, 0o644)

    def work():
        with_state(shared / "alice")
        write_files({path: b"new"}, {path: b"old"})

    told = as_user(ALICE, work)
    assert "cannot be replaced without losing its owner (uid 12346)" in told
    assert "no file was changed" in told
    assert path.read_bytes() == b"old"
    assert sorted(one.name for one in path.parent.iterdir()) == ["c.py", "pyproject.toml"]


def test_the_lock_holds_between_accounts_with_state_folders_of_their_own(shared):
    path = config(shared, ALICE, 0o666)

    def work():
        with_state(shared / "alice")
        write_files({path: b"new"}, {path: b"old"})

    with locked(path.parent, [path], shared / "lock"):
        assert "another run of mmscaffold is writing" in as_user(ALICE, work)
    assert path.read_bytes() == b"old"


def test_journals_of_somebody_else_are_refused(shared):
    path = config(shared, ALICE, 0o666)
    state = shared / "state"

    def work():
        with_state(state)
        write_files({path: b"new"}, {path: b"old"})

    as_user(ALICE, work)
    # Alice plants her journals where root looks for its own.
    (state / f"trees-{ALICE}").rename(state / "trees-0")
    before = os.environ["MMSCAFFOLD_STATE"]
    with_state(state)
    try:
        for look in (undo, recover):
            with pytest.raises(WriteError, match=r"it belongs to another user \(uid 12345\)"):
                look([path])
    finally:
        with_state(before)
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("plant", "reason"),
    [
        (lambda place: place.mkdir(), "belongs to another user"),
        (lambda place: place.symlink_to(place.parent), "symbolic link"),
        (lambda place: (place.mkdir(), os.chown(place, ALICE, ALICE), place.chmod(0o777)),
         "others may write to it"),
        (lambda place: (place.mkdir(), os.chown(place, ALICE, ALICE), place.chmod(0o755)),
         "open to others"),
    ],
)  # fmt: skip
def test_a_state_folder_in_the_temporary_folder_must_be_ones_own(shared, plant, reason):
    plant(shared / f"mmscaffold-{ALICE}")

    def work():
        for name in ("MMSCAFFOLD_STATE", "XDG_STATE_HOME"):
            os.environ.pop(name, None)
        os.environ["HOME"] = "/nonexistent"
        tempfile.tempdir = str(shared)
        return state_folder()

    import platformdirs.unix  # noqa: F401  which the other account may not be able to read

    assert reason in as_user(ALICE, work)
