"""A file that is still being written to: its new lines, and whether it was begun anew."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from mmscaffold.diagnose.history import UnreadLines
from mmscaffold.diagnose.reading import LONGEST_LINE, SHOWN, open_log

_CHUNK = 1 << 18  # bytes
_COMPARED = 256  # bytes before the end of what was read


class GrowingFile:
    """A file, of which each line is read once, as soon as it is whole.

    Args:
        path: The file.
        unread: Where to count lines that are too long.

    Attributes:
        start: Its first bytes.

    Raises:
        MmscaffoldError: If it is missing or unreadable, or is no regular file.
    """

    def __init__(self, path: Path, unread: UnreadLines) -> None:
        self.path = path
        self.start = b""
        self._unread = unread
        self._file = open_log(path)
        self._at = 0
        self._number = 0
        self._partial = b""
        self._overlong = False
        self._tail = b""
        self._digest = hashlib.blake2b()

    def close(self) -> None:
        """Read no more of it."""
        self._file.close()

    def new_lines(self) -> Iterator[tuple[int, bytes]]:
        """The lines that came since the last time, each with its number, from 1."""
        while chunk := self._file.read(_CHUNK):
            self._digest.update(chunk)
            self._tail = (self._tail + chunk)[-_COMPARED:]
            if not self._at:
                self.start = chunk
            self._at += len(chunk)
            *lines, self._partial = (self._partial + chunk).split(b"\n")
            for line in lines:
                self._number += 1
                yield self._number, self._whole(line)
            if len(self._partial) > LONGEST_LINE:
                self._overlong, self._partial = True, self._partial[:SHOWN]

    def _whole(self, line: bytes) -> bytes:
        if self._overlong or len(line) >= LONGEST_LINE:
            self._unread.add(self.path, self._number, line[:SHOWN] + b" ...")
            self._overlong = False
            return b"\n"
        return line + b"\n"

    def goes_on(self) -> bool:
        """Whether the file at its path is still what was read so far, with or without more.

        It is not where another file took its place, or where it was cut and written anew. A copy
        that was replaced by a longer copy, as rsync does, goes on.
        """
        try:
            now = self.path.stat()
        except OSError:
            # Between the moments in which it is moved away and begun anew.
            return True
        here = os.fstat(self._file.fileno())
        if (now.st_dev, now.st_ino) != (here.st_dev, here.st_ino):
            return now.st_size >= self._at and self._is_copied()
        if here.st_size < self._at:
            return False
        self._file.seek(self._at - len(self._tail))
        return self._file.read(len(self._tail)) == self._tail

    def _is_copied(self) -> bool:
        """Go on in the file that took its place, if that begins with what was read."""
        other = open_log(self.path)
        digest, left = hashlib.blake2b(), self._at
        while left and (chunk := other.read(min(left, _CHUNK))):
            digest.update(chunk)
            left -= len(chunk)
        if left or digest.digest() != self._digest.digest():
            other.close()
            return False
        self._file.close()
        self._file = other
        return True
