"""Read logs as lines of a limited length: a file may have no end of line for a gigabyte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.disk import open_file
from mmscaffold.diagnose.history import UnreadLines
from mmscaffold.errors import MmscaffoldError

# Bytes. A config that a log holds may have a list on one line.
LONGEST_LINE = 1 << 20
SHOWN = 100  # bytes of such a line
_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}


def open_log(path: Path) -> BinaryIO:
    """Open a log for reading.

    Raises:
        MmscaffoldError: If it is missing or unreadable, or is a pipe, a socket or a device,
            which might never come to its end.
    """
    try:
        return os.fdopen(open_file(path), "rb")
    except ConfigError as error:
        raise MmscaffoldError(error.message, where=error.where, hint=error.hint) from None


def lines_of(path: Path, unread: UnreadLines) -> Iterator[bytes]:
    """The lines of a log; one that is too long comes as an empty one, and is counted as unread.

    Args:
        path: The log.
        unread: Where to count what is not understood.
    """
    with open_log(path) as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            if len(line) < LONGEST_LINE or line.endswith(b"\n"):
                yield line
                continue
            unread.add(path, number, line[:SHOWN] + b" ...")
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST_LINE)
            yield b"\n"


def packed_as(start: bytes) -> str | None:
    """How a file is compressed, by its first bytes."""
    return next((kind for mark, kind in _PACKED.items() if start.startswith(mark)), None)
