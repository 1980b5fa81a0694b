"""The values of a JSON file that is too large to be held as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from mmscaffold.lazy import lazy_pattern

_CHUNK = 1 << 20
# In characters: a value within a list that is longer is none of an annotation file.
_LONGEST_VALUE = 16 << 20
_AFTER = ",]} \t\n\r"
_BLANKS = lazy_pattern(r"[ \t\n\r]*")


def members(stream: TextIO) -> Iterator[tuple[str, Any]]:
    """The values of the object that a JSON file holds, one at a time.

    Args:
        stream: The file.

    Yields:
        A key with its value; for a list, once with each value in it.

    Raises:
        ValueError: If the file holds something else than one object.
    """
    reader = _Reader(stream)
    reader.take("{")
    if reader.peek() == "}":
        return
    while True:
        key = reader.key()
        reader.take(":")
        if reader.peek() == "[":
            reader.take("[")
            if reader.peek() == "]":
                reader.take("]")
            else:
                yield key, reader.value()
                while reader.take(",]") == ",":
                    yield key, reader.value()
        else:
            yield key, reader.value()
        if reader.take(",}") == "}":
            return


class _Reader:
    """Reads on as far as the next value needs, and forgets what lies behind."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._decoder = json.JSONDecoder()
        self._text = ""
        self._at = 0
        self._has_ended = False

    def peek(self) -> str:
        """The next character that is no blank."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._has_ended:
                raise ValueError("the file ends within its object")
            self._read_on()

    def take(self, expected: str) -> str:
        """The next character, which must be one of some."""
        found = self.peek()
        if found not in expected:
            raise ValueError(f"{found!r} stands where one of {expected!r} is expected")
        self._at += 1
        return found

    def key(self) -> str:
        """The next value, which must be a string."""
        found = self.value()
        if not isinstance(found, str):
            raise ValueError(f"{found!r} stands where a key is expected")
        return found

    def value(self) -> Any:
        """The next value, whole."""
        self.peek()
        while True:
            error: ValueError | None = None
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
                if self._has_ended or self._is_whole(value, end):
                    self._at = end
                    return value
            except ValueError as one:
                error = one
            except RecursionError as one:
                raise ValueError("values in each other, too deep to read") from one
            if self._has_ended or len(self._text) - self._at > _LONGEST_VALUE:
                raise error or ValueError("the file ends within its object")
            self._read_on()

    def _is_whole(self, value: Any, end: int) -> bool:
        """Whether a value ends there: of what was read of 1.5, 1 is a number, too."""
        following = self._text[end : end + 1]
        return bool(following) and (not isinstance(value, int | float) or following in _AFTER)

    def _read_on(self) -> None:
        more = self._stream.read(_CHUNK)
        self._has_ended = not more
        self._text = self._text[self._at :] + more
        self._at = 0
