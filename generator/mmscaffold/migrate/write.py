"""Write planned files: each atomically, and all of them or none."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from mmscaffold.errors import MmscaffoldError

# Below this many files, starting threads costs more than they save.
_FEW = 4
_SYNCING_AT_ONCE = 16


class WriteError(MmscaffoldError):
    """The planned files could not be written; all of them are as they were."""


def replace_files(new: Mapping[Path, bytes], old: Mapping[Path, bytes]) -> list[Path]:
    """Replace the contents of existing files, all or none.

    All new contents are first written beside their files and synced, then renamed over them.

    Args:
        new: The bytes to write, by path. Symbolic links are followed.
        old: The bytes that each file must still hold.

    Raises:
        WriteError: If any file cannot be replaced; those replaced already are restored.
    """
    staged: dict[Path, Path] = {}
    replaced: list[Path] = []
    try:
        for path, raw in new.items():
            target = path.resolve()
            _refuse_unwritable(target, old[path])
            staged[path] = _stage(target, raw)
        sync_files(list(staged.values()))
        for path, temporary in staged.items():
            _put(temporary, path.resolve(), new[path])
            replaced.append(path)
    except BaseException as error:
        for path in replaced:
            target = path.resolve()
            restored = _stage(target, old[path])
            sync_files([restored])
            _put(restored, target, old[path])
        if isinstance(error, OSError):
            raise WriteError(
                f"cannot be written: {error.strerror}; no file was changed",
                where=str(error.filename),
            ) from None
        raise
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)
    return replaced


def write_copies(folder: Path, files: Mapping[Path, bytes]) -> list[Path]:
    """Write files into a folder by relative path, all or none.

    Raises:
        WriteError: If a file exists there with different contents, or writing fails.
    """
    for relative, raw in files.items():
        target = folder / relative
        if target.exists() and (not target.is_file() or target.read_bytes() != raw):
            raise WriteError(
                "exists with different contents; no file was written",
                where=str(target),
                hint="Choose another --output folder, or move this file away.",
            )
    made: list[Path] = []
    try:
        for relative, raw in files.items():
            target = folder / relative
            if target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            made.append(target)
            target.write_bytes(raw)
    except BaseException as error:
        for target in made:
            target.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise WriteError(
                f"cannot be written: {error.strerror}; no file was left behind",
                where=str(error.filename or folder),
            ) from None
        raise
    return made


def _refuse_unwritable(target: Path, expected: bytes) -> None:
    mode = target.stat().st_mode
    # Checked by mode, not by access(): renaming over a file needs no right to write it,
    # and root may write anything, but a read-only file was made so on purpose.
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise WriteError(
            "is read-only; no file was changed",
            where=str(target),
            hint="chmod u+w it, or write elsewhere with --output DIR.",
        )
    if target.read_bytes() != expected:
        raise WriteError(
            "changed while the migration was planned; no file was changed",
            where=str(target),
            hint="Run the migration again.",
        )


def _stage(target: Path, raw: bytes) -> Path:
    """Write the new content beside its file; it is still to be synced."""
    descriptor, name = tempfile.mkstemp(
        prefix=f".{target.name}.", suffix=".new", dir=target.parent
    )
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(raw)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def sync_files(paths: Sequence[Path]) -> None:
    """Wait until what was written to some files is on the disk.

    A file system puts the syncs that wait at one moment on the disk together, so several
    threads are several times as fast as one.

    Raises:
        OSError: If one cannot be synced, with its name.
    """
    if len(paths) < _FEW:
        for path in paths:
            _sync(path)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_SYNCING_AT_ONCE) as pool:
        for _ in pool.map(_sync, paths):
            pass


def _sync(path: Path) -> None:
    try:
        with path.open("r+b") as stream:
            os.fsync(stream.fileno())
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def _put(temporary: Path, target: Path, raw: bytes) -> None:
    """Move a staged content over its file; the file's mode stays."""
    status = target.stat()
    temporary.chmod(stat.S_IMODE(status.st_mode))
    if status.st_nlink > 1:
        # Renaming would cut the hard link; the staged copy stays until this is through.
        target.write_bytes(raw)
        temporary.unlink()
    else:
        temporary.replace(target)
