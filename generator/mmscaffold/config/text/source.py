"""A config file as bytes, as text, and the way between the two."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from mmscaffold.config.errors import ConfigError, ConfigSyntaxError
from mmscaffold.config.text.disk import read_file, too_large
from mmscaffold.lazy import lazy_pattern

MAX_BYTES = 1 << 20
"""Of a config; the largest official one has 40,000."""
MAX_BYTES_OF_CODE = 2 << 20
"""Of a file of Python code: each byte becomes up to 500 of syntax tree."""
# Of a config, in words and signs: each becomes up to 2 kB of syntax tree.
_MAX_WORDS = 100_000
_WORD = lazy_pattern(rb"\w+|[^\w\s]")
_MAX_WORDS_OF_CODE = 250_000
DATA_SUFFIXES = frozenset({".yaml", ".yml", ".json"})
"""The endings of configs that are data; every other config is Python."""

_BOM = b"\xef\xbb\xbf"
# Python's tokenizer ends a line here and nowhere else: not at form feeds or U+2028.
_LINE_BREAK = re.compile(rb"\r\n|\r|\n")
# Beside invalid escapes, what Python's parser warns of: 1if x else y.
# Python limits only decimal ones.
_LONG_NUMBER = re.compile(r"0[xXoObB][\da-fA-F_]{3000}")
_GLUED_NUMBER = re.compile(r"[0-9](?:and|else|for|if|in|is|not|or)\b")


class Span(NamedTuple):
    """A half-open range of bytes, ``[start, end)``, of one file."""

    start: int
    end: int


class Source:
    """One config file, decoded, with the position of every line.

    Args:
        path: Where the file lies.
        raw: Its bytes, unchanged.

    Raises:
        ConfigError: If the bytes are not UTF-8, the only encoding that mmengine reads, or
            more than a config has.
    """

    def __init__(self, path: Path, raw: bytes) -> None:
        if len(raw) > MAX_BYTES:
            raise too_large(path, f"{len(raw):,} bytes", MAX_BYTES)
        _refuse_many_words(path, raw, _MAX_WORDS)
        self.path = path
        self.raw = raw
        self.bom_length = len(_BOM) if raw.startswith(_BOM) else 0
        try:
            self.text = raw[self.bom_length :].decode("utf-8")
        except UnicodeDecodeError as error:
            line = len(_LINE_BREAK.findall(raw[: error.start])) + 1
            raise ConfigError(
                f"not UTF-8: byte 0x{raw[self.bom_length + error.start]:02x}",
                where=f"{path}:{line}",
                hint="Save the file as UTF-8; mmengine reads configs in no other encoding.",
            ) from None
        self._line_starts: list[int] | None = None

    @property
    def newline(self) -> str:
        """The line ending that new lines of this file should use."""
        match = _LINE_BREAK.search(self.raw)
        return match.group().decode() if match else "\n"

    @property
    def line_starts(self) -> list[int]:
        """The byte offset at which each line begins, the BOM left out of line 1."""
        if self._line_starts is None:
            self._line_starts = [self.bom_length]
            self._line_starts += [match.end() for match in _LINE_BREAK.finditer(self.raw)]
        return self._line_starts

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Turn a byte offset into a line and a column in characters, both from 1."""
        line, start = self._line_at(offset)
        return line, len(self.raw[start:offset].decode("utf-8", "replace")) + 1

    def before(self, offset: int) -> str:
        """What stands on a line before a byte."""
        return self.raw[self._line_at(offset)[1] : offset].decode("utf-8")

    def _line_at(self, offset: int) -> tuple[int, int]:
        """The line of a byte, from 1, and where that begins."""
        import bisect

        line = max(bisect.bisect_right(self.line_starts, offset), 1)
        return line, self.line_starts[line - 1]

    def text_of(self, span: Span) -> str:
        """The file's own text at ``span``."""
        return self.raw[span.start : span.end].decode("utf-8")


def read_code(path: Path) -> bytes:
    """The bytes of a file of Python code, which may be larger than a config.

    Raises:
        ConfigError: If it cannot be read, or is too large to be parsed in a second or two.
    """
    raw = read_file(path, MAX_BYTES_OF_CODE)
    _refuse_many_words(path, raw, _MAX_WORDS_OF_CODE)
    return raw


def _refuse_many_words(path: Path, raw: bytes, most: int) -> None:
    if len(raw) <= most:
        return
    words = sum(1 for _ in _WORD.finditer(raw))
    if words > most:
        raise too_large(path, f"{words:,} words and signs", most)


def read_source(path: Path) -> Source:
    """Read a file from disk.

    Raises:
        ConfigError: If it is missing, no regular file, unreadable, too large or not UTF-8.
    """
    return Source(path, read_file(path, MAX_BYTES))


class ParsedFile:
    """A parsed config of any format, whose nodes know their span in the file.

    mmengine substitutes placeholders in the text before it is parsed, so the text that
    is parsed may differ from the file: ``substituted`` is that text, and ``offsets``
    makes, for each of its UTF-8 bytes (and its end), the byte of the file it came from.
    Without placeholders both are the file's own.
    """

    def __init__(
        self,
        source: Source,
        substituted: str | None = None,
        offsets: Callable[[], list[int]] | None = None,
    ) -> None:
        self.source = source
        self.path = source.path
        self.text = source.text if substituted is None else substituted
        self._make_offsets = offsets
        self._offsets: list[int] | None = None

    def span(self, node: Any) -> Span:
        """Where ``node`` stands in the file, in bytes."""
        raise NotImplementedError

    def where(self, node: Any) -> str:
        """``path:line:column`` of ``node``, for messages."""
        line, column = self.source.line_and_column(self.span(node).start)
        return f"{self.path}:{line}:{column}"

    def _in_file(self, start: int, end: int) -> Span:
        """The span in the file of bytes of the substituted text."""
        if self._make_offsets is None:
            return Span(start, end)
        if self._offsets is None:
            self._offsets = self._make_offsets()
        return Span(self._offsets[start], self._offsets[end])


class ParsedSource(ParsedFile):
    """The syntax tree of a Python config, classic or pure."""

    def __init__(
        self,
        source: Source,
        substituted: str | None = None,
        offsets: Callable[[], list[int]] | None = None,
    ) -> None:
        super().__init__(source, substituted, offsets)
        self.tree = _parse(source, self.text)
        self._line_starts: list[int] | None = None

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias) -> Span:
        """Where ``node`` stands in the file, in bytes."""
        if self._line_starts is None:
            if self._make_offsets is None:
                self._line_starts = self.source.line_starts
            else:
                encoded = self.text.encode("utf-8")
                self._line_starts = [0] + [m.end() for m in _LINE_BREAK.finditer(encoded)]
        end_line = node.end_lineno or node.lineno
        end_column = node.col_offset if node.end_col_offset is None else node.end_col_offset
        return self._in_file(
            self._line_starts[node.lineno - 1] + node.col_offset,
            self._line_starts[end_line - 1] + end_column,
        )


def _parse(source: Source, text: str) -> ast.Module:
    if found := _LONG_NUMBER.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise ConfigError("a number of more than 3,000 digits", where=f"{source.path}:{line}")
    try:
        if "\\" not in text and not _GLUED_NUMBER.search(text):
            return ast.parse(text)
        import warnings

        with warnings.catch_warnings():
            # Invalid escapes such as "\d" are the config author's affair.
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise ConfigSyntaxError(
            f"syntax error: {error.msg}",
            where=f"{source.path}:{error.lineno or 1}",
            hint="Python itself cannot parse this line; fix it first.",
        ) from None
    except (RecursionError, MemoryError):
        raise ConfigError("is nested too deeply to be a config", where=str(source.path)) from None
    except ValueError as error:
        raise ConfigError(f"cannot be parsed: {error}", where=str(source.path)) from None
