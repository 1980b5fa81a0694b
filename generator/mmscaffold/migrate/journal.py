"""Remember what a run writes, so that it can be undone, by hand or after a crash.

A run first stores, durably, the old bytes of every file and the digest of the new ones
(``pending``), then replaces the files one by one, then renames the journal to ``last``. A
journal that is still pending belongs to a run that died: the next run puts its files back.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.migrate.plan import MigrationPlan
from mmscaffold.migrate.write import WriteError, replace_files

_ENVIRONMENT = "MMSCAFFOLD_STATE"
_INDEX = "journal.json"
_CONTENTS = "contents"


@dataclass(frozen=True)
class Restoration:
    """What became of the files of an earlier run.

    Attributes:
        files: Those that hold their old bytes again.
        left: Those that changed since, or are gone, and were left alone.
    """

    files: tuple[Path, ...]
    left: tuple[Path, ...]


def state_folder() -> Path:
    """Where journals lie: ``$MMSCAFFOLD_STATE``, or the user's state folder.

    Raises:
        WriteError: If no folder can be written to.
    """
    import platformdirs

    named = os.environ.get(_ENVIRONMENT)
    places = (
        [Path(named)]
        if named
        else [
            platformdirs.user_state_path("mmscaffold"),
            Path(
                tempfile.gettempdir(), f"mmscaffold-{os.getuid() if hasattr(os, 'getuid') else 0}"
            ),
        ]
    )
    for place in places:
        try:
            place.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=place):
                return place
        except OSError:
            continue
    raise WriteError(
        f"{places[-1]} cannot be written to, so a run could not be undone; no file was changed",
        hint=f"Name a folder in {_ENVIRONMENT}.",
    )


@contextlib.contextmanager
def locked(state: Path) -> Iterator[None]:
    """Let one run at a time write; the lock goes when the process does.

    Raises:
        WriteError: If another run is writing.
    """
    with (state / "lock").open("a+b") as stream:
        try:
            import fcntl
        except ImportError:  # Windows: each file is still checked before it is replaced.
            yield
            return
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise WriteError(
                "another migration is being written; no file was changed",
                hint="Wait for it to end, then run this one again.",
            ) from None
        yield


def write_journalled(new: Mapping[Path, bytes], old: Mapping[Path, bytes]) -> list[Path]:
    """Replace files, all or none, in a way that can be undone.

    Args:
        new: The bytes to write, by path.
        old: The bytes that each file must still hold.

    Raises:
        WriteError: If any file cannot be replaced; then all are as they were.
    """
    if not new:
        return []
    state = state_folder()
    with locked(state):
        recover(state)
        pending = _record(state, new, old)
        try:
            written = replace_files(new, old)
        except BaseException:
            # replace_files has put everything back.
            shutil.rmtree(pending, ignore_errors=True)
            raise
        last = state / "last"
        if last.exists():
            shutil.rmtree(last)
        pending.rename(last)
        _sync_folder(state)
    return written


def write_plan(plan: MigrationPlan) -> list[Path]:
    """Write a plan in place.

    Returns:
        The files that were written.

    Raises:
        WriteError: If a file is read-only, changed since it was planned, or cannot be
            replaced. Then every file is as it was.
    """
    return write_journalled(
        {file.path: file.after for file in plan.edited},
        {file.path: file.before for file in plan.edited},
    )


def _record(state: Path, new: Mapping[Path, bytes], old: Mapping[Path, bytes]) -> Path:
    made = Path(tempfile.mkdtemp(prefix="new-", dir=state))
    try:
        entries = []
        start = 0
        for path in new:
            end = start + len(old[path])
            place = {"path": str(path.resolve()), "start": start, "end": end}
            entries.append({**place, "new": _digest(new[path])})
            start = end
        # One file for all: to sync each old content by itself takes as long as all the rest.
        _write_synced(made / _CONTENTS, b"".join(old[path] for path in new))
        _write_synced(made / _INDEX, json.dumps(entries).encode())
        _sync_folder(made)
        pending = state / "pending"
        made.rename(pending)
        _sync_folder(state)
    except OSError as error:
        shutil.rmtree(made, ignore_errors=True)
        raise WriteError(
            f"the journal cannot be written: {error.strerror}; no file was changed",
            where=str(state),
        ) from None
    return pending


def recover(state: Path) -> Restoration | None:
    """Put the files of a run that died back as they were.

    Returns:
        What became of them; ``None`` if no run died.

    Raises:
        WriteError: If a file cannot be put back.
    """
    for unfinished in state.glob("new-*"):
        # It had not replaced anything yet.
        shutil.rmtree(unfinished, ignore_errors=True)
    pending = state / "pending"
    if not pending.exists():
        return None
    restored = _restore(pending, died=True)
    shutil.rmtree(pending)
    return restored


def recover_interrupted() -> Restoration | None:
    """Put the files of a run that died back; to be called before files are read.

    Returns:
        What became of them; ``None`` if no run died.

    Raises:
        WriteError: If another run is writing, or a file cannot be put back.
    """
    state = state_folder()
    if not (state / "pending").exists():
        return None
    with locked(state):
        return recover(state)


def undo() -> Restoration | None:
    """Put the files of the last run back as they were.

    Returns:
        What became of them; ``None`` if there is nothing to undo.

    Raises:
        WriteError: If another run is writing, or a file cannot be put back.
    """
    state = state_folder()
    with locked(state):
        died = recover(state)
        if died is not None:
            return died
        last = state / "last"
        if not last.exists():
            return None
        restored = _restore(last, died=False)
        shutil.rmtree(last)
    return restored


def _restore(journal: Path, *, died: bool) -> Restoration:
    new: dict[Path, bytes] = {}
    old: dict[Path, bytes] = {}
    files: list[Path] = []
    left: list[Path] = []
    contents = (journal / _CONTENTS).read_bytes()
    for entry in json.loads((journal / _INDEX).read_bytes()):
        path = Path(entry["path"])
        before = contents[entry["start"] : entry["end"]]
        if died:
            for stray in path.parent.glob(f".{path.name}.*.new"):
                stray.unlink(missing_ok=True)
        try:
            current = path.read_bytes()
        except OSError:
            left.append(path)
            continue
        if current == before:
            continue
        if _digest(current) == entry["new"] or (died and path.stat().st_nlink > 1):
            # A hard-linked file is written in place, so it may be half-written.
            new[path], old[path] = before, current
            files.append(path)
        else:
            left.append(path)
    replace_files(new, old)
    return Restoration(tuple(files), tuple(left))


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _write_synced(path: Path, raw: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(raw)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
