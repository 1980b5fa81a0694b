"""Let one run at a time write to a tree."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from mmscaffold.writing.errors import UNCHANGED, WriteError, reason_of

# A process may have 256 files open on some systems.
_MOST_FOLDERS = 100


@contextlib.contextmanager
def locked(root: Path, files: Iterable[Path], fallback: Path) -> Iterator[None]:
    """Keep every other run of mmscaffold from writing to the same tree.

    The folders themselves are locked, not a file in them: that leaves nothing behind, works
    where the folder is read-only, is seen by other accounts and by containers that see the same
    folder, and ends with the process. Not the root alone, but each folder down to the files is
    locked, because a container may see only a part of the tree.

    Args:
        root: The folder of the tree.
        files: The files to be written.
        fallback: A file to lock instead where the file system cannot lock folders (some
            network file systems): then only runs of this account are kept out.

    Raises:
        WriteError: If another run holds one of the folders.
    """
    try:
        import fcntl
    except ImportError:  # Windows: each file is still compared before it is replaced.
        yield
        return
    flags = fcntl.LOCK_EX | fcntl.LOCK_NB
    with contextlib.ExitStack() as held:
        locked_any = False
        for folder in _folders(root, files):
            try:
                descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
                held.callback(os.close, descriptor)
                fcntl.flock(descriptor, flags)
                locked_any = True
            except OSError as error:
                _refuse_if_held(error, folder)
        if not locked_any:
            try:
                descriptor = os.open(fallback, os.O_RDWR | os.O_CREAT, 0o600)
                held.callback(os.close, descriptor)
                fcntl.flock(descriptor, flags)
            except OSError as error:
                _refuse_if_held(error, root)
                raise WriteError(
                    f"cannot be locked: {reason_of(error)}; {UNCHANGED}", where=str(fallback)
                ) from None
        yield


def _folders(root: Path, files: Iterable[Path]) -> list[Path]:
    """The folders to lock, those nearest to the root first; each once, whatever its names."""
    found = {root}
    for file in files:
        folder = file.parent
        while folder.is_relative_to(root) and folder not in found:
            found.add(folder)
            folder = folder.parent
        if not folder.is_relative_to(root):
            # Reached through a link.
            found.add(file.parent)
    return sorted(found, key=lambda path: (len(path.parts), path))[:_MOST_FOLDERS]


def _refuse_if_held(error: OSError, folder: Path) -> None:
    if error.errno in (errno.EWOULDBLOCK, errno.EAGAIN):
        raise WriteError(
            f"another run of mmscaffold is writing to this folder; {UNCHANGED}",
            where=str(folder),
            hint="Wait for it to end, then run this one again.",
        ) from None
