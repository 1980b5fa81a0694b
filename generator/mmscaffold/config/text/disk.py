"""Read files: regular ones, of a limited size, and nothing that might never come to its end."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

from mmscaffold.config.errors import SpecialFileError, UnreadableError

_CHUNK = 1 << 20
_BINARY = getattr(os, "O_BINARY", 0)
# Opening a pipe waits for the other end, unless it is told not to.
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)
# Their files have no size, and some no end.
_OF_THE_SYSTEM = ("/proc", "/sys")
_NOTHING: Mapping[Path, bytes] = MappingProxyType({})
_STAND_INS: ContextVar[Mapping[Path, bytes]] = ContextVar("stand_ins", default=_NOTHING)


@contextmanager
def standing_in(contents: Mapping[Path, bytes]) -> Iterator[None]:
    """Let contents stand in for those of files on disk, in this thread.

    Args:
        contents: What standard input or an editor holds, by absolute path; the files need not
            be there.
    """
    token = _STAND_INS.set({**_STAND_INS.get(), **contents})
    try:
        yield
    finally:
        _STAND_INS.reset(token)


def stand_in(path: Path) -> bytes | None:
    """The contents that stand in for a file, if there are any."""
    return _STAND_INS.get().get(path)


def is_file(path: Path) -> bool:
    """Whether there is a file; no file has a name that the system refuses, such as a long one."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Whether there is a folder; the same of names that the system refuses."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def open_file(path: Path) -> int:
    """The descriptor of a regular file, opened for reading.

    Raises:
        SpecialFileError: If it is a pipe, a socket, a device, or made by the system.
        UnreadableError: If it is missing, a folder or unreadable.
    """
    try:
        opened = os.open(path, os.O_RDONLY | _BINARY | _AT_ONCE)
    except OSError as error:
        _refuse(path, error)
    except ValueError:
        raise UnreadableError(
            "no such file",
            where=str(path),
            hint="Its name holds NUL or half a character, which no name of a file can.",
        ) from None
    status = os.fstat(opened)
    if stat.S_ISREG(status.st_mode) and (status.st_size or status.st_dev not in _devices()):
        return opened
    os.close(opened)
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableError("is a folder, not a config file", where=str(path))
    raise _special(path, status.st_mode)


def _refuse(path: Path, error: OSError) -> NoReturn:
    if isinstance(error, FileNotFoundError):
        raise UnreadableError(
            "no such file", where=str(path), hint="Check the path; nothing was changed."
        ) from None
    if isinstance(error, IsADirectoryError):
        raise UnreadableError("is a folder, not a config file", where=str(path)) from None
    try:
        mode = path.stat().st_mode
    except OSError:
        mode = stat.S_IFREG
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        # A socket cannot be opened at all.
        raise _special(path, mode) from None
    raise UnreadableError(f"could not be read: {error.strerror}", where=str(path)) from None


@lru_cache(maxsize=1)
def _devices() -> frozenset[int]:
    """The devices of the file systems that the operating system makes up."""
    found = set()
    for path in _OF_THE_SYSTEM:
        try:
            found.add(Path(path).stat().st_dev)
        except OSError:
            continue
    return frozenset(found - {Path("/").stat().st_dev})


def _special(path: Path, mode: int) -> SpecialFileError:
    if stat.S_ISFIFO(mode):
        kind = "is a pipe"
    elif stat.S_ISSOCK(mode):
        kind = "is a socket"
    elif stat.S_ISREG(mode):
        kind = "is made by the system"
    else:
        kind = "is a device"
    return SpecialFileError(
        f"{kind}, not a file", where=str(path), hint="Save its contents in a file, and name that."
    )


def read_file(path: Path, most: int) -> bytes:
    """The bytes of a regular file.

    Args:
        path: The file.
        most: The largest size in bytes.

    Raises:
        SpecialFileError: If it is a pipe, a socket, a device, or made by the system.
        UnreadableError: If it is missing, a folder, unreadable or larger.
    """
    instead = stand_in(path)
    if instead is not None:
        if len(instead) > most:
            raise too_large(path, f"{len(instead):,} bytes", most)
        return instead
    opened = open_file(path)
    try:
        size = os.fstat(opened).st_size
        if size > most:
            raise too_large(path, f"{size:,} bytes", most)
        # By one call, as a tree has thousands of files; a buffer that is much too large takes
        # longer to make than the file to read.
        asked = min(size + 1, _CHUNK)
        parts = [os.read(opened, asked)]
        while len(parts[-1]) == asked and len(parts) * _CHUNK <= most:
            asked = _CHUNK
            parts.append(os.read(opened, asked))
    except OSError as error:
        raise UnreadableError(f"could not be read: {error.strerror}", where=str(path)) from None
    finally:
        os.close(opened)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def too_large(path: Path, size: str, most: int) -> UnreadableError:
    """The error for a file that is larger than any config or module.

    Args:
        path: The file.
        size: Its size, with its unit.
        most: The largest that is read.
    """
    return UnreadableError(
        f"is too large: it has {size}; at most {most:,} are read",
        where=str(path),
        hint="Keep data in a file of its own, which the config names.",
    )
