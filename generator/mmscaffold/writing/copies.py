"""Write copies into a folder, where nothing is replaced."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from mmscaffold.writing.durable import make_file, write_all
from mmscaffold.writing.errors import WriteError, reason_of
from mmscaffold.writing.signals import HeldSignals, Interrupted


def write_copies(folder: Path, files: Mapping[Path, bytes]) -> list[Path]:
    """Write files into a folder by relative path, all or none.

    Args:
        folder: The folder; it is made if it does not exist.
        files: The bytes to write, by path below it.

    Returns:
        The files that were written: those that did not exist with these contents.

    Raises:
        WriteError: If a file exists there with different contents, or writing fails.
    """
    missing = {folder / relative: raw for relative, raw in files.items()}
    for target, raw in list(missing.items()):
        if _exists(target, raw):
            del missing[target]
    made: list[Path] = []
    with HeldSignals() as signals:
        try:
            for target, raw in missing.items():
                signals.stop_if_asked()
                _make_folders(target.parent, made)
                descriptor = make_file(target, 0o666)
                made.append(target)
                try:
                    write_all(descriptor, raw)
                finally:
                    os.close(descriptor)
        except BaseException as error:
            for path in reversed(made):
                with contextlib.suppress(OSError):
                    path.rmdir() if path.is_dir() else path.unlink()
            if isinstance(error, OSError):
                raise WriteError(
                    f"cannot be written: {reason_of(error)}; no file was left behind",
                    where=str(error.filename or folder),
                ) from None
            if not isinstance(error, Interrupted):
                raise
            interrupted = True
        else:
            interrupted = False
    if interrupted:
        raise WriteError("the run was interrupted; no file was left behind")
    return list(missing)


def _exists(target: Path, raw: bytes) -> bool:
    try:
        if not target.exists():
            return False
        if target.is_file() and target.read_bytes() == raw:
            return True
    except OSError as error:
        raise WriteError(
            f"could not be read: {reason_of(error)}; no file was written", where=str(target)
        ) from None
    raise WriteError(
        "exists with different contents; no file was written",
        where=str(target),
        hint="Choose another --output folder, or move this file away.",
    )


def _make_folders(folder: Path, made: list[Path]) -> None:
    for parent in missing_folders(folder):
        parent.mkdir()
        made.append(parent)


def missing_folders(folder: Path) -> list[Path]:
    """The folders that must be made so that one exists, the outermost first."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    return missing[::-1]
