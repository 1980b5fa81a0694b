"""Places in a text as editors count them, and as the rest of the house does.

Editors count columns in units of UTF-16, unless they agreed on another encoding; a finding
counts characters from 1, and a span of a syntax tree counts bytes of the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Protocol

from lsprotocol import types

from mmscaffold.config.text.source import Span

# What ends a line in the protocol, and for Python's tokenizer; not a form feed or U+2028.
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_BOM = "\ufeff"


class FilePlace(Protocol):
    """A place as ``check`` tells it: lines and columns from 1, columns in characters."""

    @property
    def line(self) -> int:
        """Where it begins."""

    @property
    def column(self) -> int:
        """Where it begins."""

    @property
    def end_line(self) -> int:
        """Where it ends."""

    @property
    def end_column(self) -> int:
        """The column right after its last character."""


class Text:
    """A text that never changes, with its places in every way of counting.

    Args:
        text: The text as the editor has it.
        encoding: In whose units the editor counts columns.
        bom_length: The bytes of the file before the text, where it was read from disk.
    """

    def __init__(
        self,
        text: str,
        encoding: str = types.PositionEncodingKind.Utf16,
        bom_length: int = 0,
    ) -> None:
        self.text = text
        self._encoding = encoding
        self._is_ascii = text.isascii()
        self._bom_length = bom_length
        self.line_starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]
        """The offset in characters at which each line begins."""
        self._byte_starts: list[int] | None = None

    @property
    def raw(self) -> bytes:
        """The bytes of the file, if it held this text; half a character makes it no UTF-8."""
        bom = b"\xef\xbb\xbf" if self._bom_length else b""
        return bom + self.text.encode("utf-8", "surrogatepass")

    @property
    def newline(self) -> str:
        """The line ending that new lines of this text should have."""
        found = _LINE_BREAK.search(self.text)
        return found.group() if found else "\n"

    @property
    def end(self) -> types.Position:
        """The place behind the last character."""
        return self.position_at(len(self.text))

    def line(self, number: int) -> str:
        """A line, counted from 0, without its end; an empty one where there is none."""
        if not 0 <= number < len(self.line_starts):
            return ""
        start = self.line_starts[number]
        last = number + 1 == len(self.line_starts)
        end = len(self.text) if last else self.line_starts[number + 1]
        return self.text[start:end].rstrip("\r\n")

    def offset_at(self, position: types.Position) -> int:
        """The offset in characters of an editor's position; one beyond a line is its end."""
        if position.line >= len(self.line_starts):
            return len(self.text)
        line = self.line(position.line)
        return self.line_starts[position.line] + self._characters(line, position.character)

    def position_at(self, offset: int) -> types.Position:
        """The editor's position of an offset in characters."""
        offset = min(max(offset, 0), len(self.text))
        number = bisect_right(self.line_starts, offset) - 1
        return types.Position(number, self._units(self.text[self.line_starts[number] : offset]))

    def range_at(self, start: int, end: int) -> types.Range:
        """The editor's range between two offsets in characters."""
        return types.Range(self.position_at(start), self.position_at(end))

    def byte_at(self, position: types.Position) -> int:
        """The offset in the bytes of the file of an editor's position."""
        offset = self.offset_at(position)
        if self._is_ascii:
            return self._bom_length + offset
        number = bisect_right(self.line_starts, offset) - 1
        before = self.text[self.line_starts[number] : offset]
        return self._starts_in_bytes()[number] + _size(before)

    def position_of_byte(self, byte: int) -> types.Position:
        """The editor's position of an offset in the bytes of the file."""
        if self._is_ascii:
            return self.position_at(byte - self._bom_length)
        starts = self._starts_in_bytes()
        number = max(bisect_right(starts, byte) - 1, 0)
        inside = self.line(number).encode("utf-8", "surrogatepass")[
            : max(byte - starts[number], 0)
        ]
        return types.Position(number, self._units(inside.decode("utf-8", "replace")))

    def range_of_span(self, span: Span) -> types.Range:
        """The editor's range of a span of bytes, such as ``ParsedFile.span`` gives."""
        return types.Range(self.position_of_byte(span.start), self.position_of_byte(span.end))

    def range_of_place(self, place: FilePlace) -> types.Range:
        """The editor's range of a finding."""
        return types.Range(
            self._position_of(place.line, place.column),
            self._position_of(place.end_line, place.end_column),
        )

    def _position_of(self, line: int, column: int) -> types.Position:
        number = min(line, len(self.line_starts)) - 1
        # The file's own BOM is no character of a line, but the editor may have sent it as one.
        shift = 1 if number == 0 and self.text.startswith(_BOM) else 0
        return types.Position(number, self._units(self.line(number)[: column - 1 + shift]))

    def _starts_in_bytes(self) -> list[int]:
        if self._byte_starts is None:
            starts = [self._bom_length]
            for here, following in zip(self.line_starts, self.line_starts[1:], strict=False):
                starts.append(starts[-1] + _size(self.text[here:following]))
            self._byte_starts = starts
        return self._byte_starts

    def _units(self, text: str) -> int:
        """How long the editor takes a piece of one line to be."""
        if text.isascii() or self._encoding == types.PositionEncodingKind.Utf32:
            return len(text)
        if self._encoding == types.PositionEncodingKind.Utf8:
            return _size(text)
        return len(text) + sum(character > "\uffff" for character in text)

    def _characters(self, line: str, units: int) -> int:
        """How many characters of a line so many units are; half a character counts as none."""
        if line.isascii() or self._encoding == types.PositionEncodingKind.Utf32:
            return min(units, len(line))
        for count, character in enumerate(line):
            units -= self._units(character)
            if units < 0:
                return count
        return len(line)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
