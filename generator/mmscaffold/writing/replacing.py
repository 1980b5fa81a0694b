"""Replace files, each in one step, after all new contents lie on the disk beside them."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.writing.attributes import give_attributes
from mmscaffold.writing.durable import make_file, sync_files, sync_folders, write_all
from mmscaffold.writing.errors import UNCHANGED, WriteError, reason_of

# With these no file can be staged, and not merely this one.
_EXHAUSTED = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
# The file system has no hard links.
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


@dataclass(frozen=True)
class FileChange:
    """What is to become of one file.

    Attributes:
        number: Its place in the run.
        target: The file, links followed.
        before: The bytes that it must hold; ``None`` if it must not exist.
        after: The bytes that it gets; ``None`` to remove it.
        scratch: The name for the copy of ``after`` beside it.
    """

    number: int
    target: Path
    before: bytes | None
    after: bytes | None
    scratch: Path


class Replacement:
    """The replacement of several files.

    The new contents are written beside their files first and synced; then each file is compared
    once more and replaced by a rename. A file is overwritten where it lies only if a rename
    would cut a hard link, or lose an owner or attribute that the process may not give.

    Args:
        changes: What is to become of each file.
        note_in_place: Called before a file is overwritten where it lies, with its number
            and the new bytes or the bytes that are overwritten.
        stop_if_asked: Called between two files; may raise.
        leave: Called with a change that fails, and the reason, to go on with the others; without
            it, the first failure ends the replacement.

    Attributes:
        touched: The numbers of the files that may have been replaced.
    """

    def __init__(
        self,
        changes: Sequence[FileChange],
        note_in_place: Callable[[FileChange], None],
        stop_if_asked: Callable[[], None],
        leave: Callable[[FileChange, str], None] | None = None,
    ) -> None:
        self._changes = list(changes)
        self._note_in_place = note_in_place
        self._stop_if_asked = stop_if_asked
        self._leave = leave
        self.touched: set[int] = set()
        self._staged: set[int] = set()
        self._inodes: dict[int, tuple[int, int]] = {}

    def perform(self) -> None:
        """Replace all files.

        Raises:
            OSError: If a file cannot be replaced.
            WriteError: If a file is not as expected.
        """
        try:
            ready = [change for change in self._changes if self._goes_well(self._stage, change)]
            sync_files([change.scratch for change in ready if change.number in self._staged])
            done = [change for change in ready if self._goes_well(self._put, change)]
            sync_folders(change.target.parent for change in done)
        finally:
            for change in self._changes:
                if change.number in self._staged:
                    with contextlib.suppress(OSError):
                        change.scratch.unlink(missing_ok=True)

    def _goes_well(self, step: Callable[[FileChange], None], change: FileChange) -> bool:
        self._stop_if_asked()
        try:
            step(change)
        except (OSError, WriteError) as error:
            exhausted = isinstance(error, OSError) and error.errno in _EXHAUSTED
            if self._leave is None or (exhausted and step == self._stage):
                raise
            reason = reason_of(error) if isinstance(error, OSError) else error.message
            self._leave(change, reason)
            return False
        return True

    def _stage(self, change: FileChange) -> None:
        """Write the new content beside its file; it is still to be synced."""
        self._compare(change)
        if change.after is None:
            return
        self._staged.add(change.number)
        descriptor = make_file(change.scratch, 0o666 if change.before is None else 0o600)
        try:
            write_all(descriptor, change.after)
            renamed = change.before is None or (
                change.target.stat().st_nlink == 1 and give_attributes(descriptor, change.target)
            )
        finally:
            os.close(descriptor)
        if not renamed:
            # The copy has shown that there is room for it.
            change.scratch.unlink()
            self._staged.remove(change.number)
            os.close(_open_to_overwrite(change.target))

    def _put(self, change: FileChange) -> None:
        self._compare(change)
        self.touched.add(change.number)
        if change.after is None:
            change.target.unlink()
        elif change.number not in self._staged:
            self._note_in_place(change)
            _overwrite(change)
        elif change.before is None:
            _make(change)
        else:
            change.scratch.replace(change.target)

    def _compare(self, change: FileChange) -> None:
        """See that nobody else has changed the file, or put another in its place."""
        found = content_of(change.target)
        if found is not None:
            status = change.target.stat()
            inode = (status.st_dev, status.st_ino)
            if self._inodes.setdefault(change.number, inode) != inode:
                found = None
        if found != change.before:
            now = "exists" if change.before is None else "changed"
            raise WriteError(
                f"{now} since the run was planned; {UNCHANGED}",
                where=str(change.target),
                hint="Run the command again.",
            )


def content_of(file: Path) -> bytes | None:
    """The bytes of a file; ``None`` if there is no file.

    Raises:
        OSError: If it cannot be read.
        WriteError: If it is something else, such as a folder or a pipe.
    """
    try:
        mode = file.stat().st_mode
        if not stat.S_ISREG(mode):
            raise WriteError(f"is not a regular file; {UNCHANGED}", where=str(file))
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _open_to_overwrite(file: Path) -> int:
    try:
        return os.open(file, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except OSError as error:
        owner = file.stat().st_uid
        raise WriteError(
            f"cannot be replaced without losing its owner (uid {owner}), a hard link or an "
            f"attribute, and cannot be overwritten: {reason_of(error)}; {UNCHANGED}",
            where=str(file),
            hint="Run the command as the owner of the file, or copy the file.",
        ) from None


def _overwrite(change: FileChange) -> None:
    """Write over a file where it lies, so that its links, owner and attributes stay."""
    before, after = change.before, change.after
    assert before is not None
    assert after is not None
    descriptor = _open_to_overwrite(change.target)
    try:
        try:
            if len(after) > len(before) and hasattr(os, "posix_fallocate"):
                # A full disk shows here, before a byte is lost.
                os.posix_fallocate(descriptor, 0, len(after))
            _rewrite(descriptor, after)
        except BaseException:
            _rewrite(descriptor, before)
            raise
    finally:
        os.close(descriptor)


def _rewrite(descriptor: int, raw: bytes) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    write_all(descriptor, raw)
    os.ftruncate(descriptor, len(raw))
    os.fsync(descriptor)


def _make(change: FileChange) -> None:
    """Move a new file to its place, where nothing may lie."""
    try:
        # Unlike a rename, it replaces nothing.
        os.link(change.scratch, change.target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        change.scratch.rename(change.target)
        return
    change.scratch.unlink()
