"""Make sure that what was written is on the disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

# Below this many files, starting threads costs more than they save.
_FEW = 4
_SYNCING_AT_ONCE = 16


def write_synced(path: Path, raw: bytes) -> None:
    """Make a file that only its owner may read, and wait until it is on the disk."""
    descriptor = make_file(path, 0o600)
    try:
        write_all(descriptor, raw)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_file(path: Path, mode: int) -> int:
    """Make a file that did not exist, never through a link.

    Args:
        path: The file.
        mode: Its mode, less the umask.

    Returns:
        A descriptor to write to.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.open(path, flags, mode)


def write_all(descriptor: int, raw: bytes) -> None:
    """Write all bytes, in however many pieces the system takes them."""
    rest = memoryview(raw)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync_files(paths: Sequence[Path]) -> None:
    """Wait until what was written to some files is on the disk.

    A file system puts the syncs that wait at one moment on the disk together, so several
    threads are several times as fast as one.

    Raises:
        OSError: If one cannot be synced, with its name.
    """
    _for_all(_sync_file, paths)


def sync_folders(folders: Iterable[Path]) -> None:
    """Wait until the renames in some folders are on the disk.

    Raises:
        OSError: If one cannot be synced, with its name.
    """
    if hasattr(os, "O_DIRECTORY"):
        _for_all(_sync_folder, list(dict.fromkeys(folders)))


def _for_all(sync: Callable[[Path], None], paths: Sequence[Path]) -> None:
    if len(paths) < _FEW:
        for path in paths:
            sync(path)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_SYNCING_AT_ONCE) as pool:
        for _ in pool.map(sync, paths):
            pass


def _sync_file(path: Path) -> None:
    # Windows syncs only what is open for writing.
    _sync(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)


def _sync_folder(folder: Path) -> None:
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    try:
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
