"""One finding of a rule, and its place in a file."""

from __future__ import annotations

import ast
import codecs
import enum
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from mmscaffold.config.change import Change
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.text.disk import stand_in
from mmscaffold.config.text.source import ParsedFile
from mmscaffold.lazy import lazy_pattern


class Severity(enum.Enum):
    """How certain and how serious a finding is."""

    ERROR = "error"
    """The Runner refuses it, or silently trains something other than what is written."""
    WARNING = "warning"
    """Probably not what was intended."""
    INFO = "info"
    """Worth a look; often intended. Does not count for the exit code."""


@dataclass(frozen=True, order=True)
class Place:
    """An expression in a file; all lines and columns count from 1, columns in characters.

    Attributes:
        path: The file.
        line: Where it begins.
        column: Where it begins.
        end_line: Where it ends; by default where it begins.
        end_column: The column right after its last character; by default ``column``.
    """

    path: Path
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0

    def __post_init__(self) -> None:
        if not self.end_line:
            object.__setattr__(self, "end_line", self.line)
            object.__setattr__(self, "end_column", self.end_column or self.column)

    @classmethod
    def of(cls, origin: Origin) -> Place:
        """The place of a value of a config."""
        return cls.in_config(origin.parsed, origin.node)

    @classmethod
    def in_config(cls, parsed: ParsedFile, node: Any) -> Place:
        """The place of a node of a config, of any format."""
        source, span = parsed.source, parsed.span(node)
        # The mark of a YAML block ends on the line after it.
        length = len(source.raw[span.start : span.end].rstrip())
        start = source.line_and_column(span.start)
        return cls(parsed.path, *start, *source.line_and_column(span.start + length))

    @classmethod
    def at(cls, path: Path, node: ast.AST) -> Place:
        """The place of a node of Python code; of a statement with a body, its first words."""
        line, offset = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        last = _end_of_head(node)
        end_line = getattr(last, "end_lineno", None) or line
        end_offset = getattr(last, "end_col_offset", None) or offset
        lines = file_lines(path)
        column = _characters(lines, line, offset) + 1
        if isinstance(node, _NAMED):
            text = lines[line - 1].decode("utf-8", "replace") if line <= len(lines) else ""
            words = _NAMED_HEAD.match(text, column - 1)
            length = len(words[0]) if words else len("class ") + len(node.name)
            return cls(path, line, column, line, column + length)
        return cls(path, line, column, end_line, _characters(lines, end_line, end_offset) + 1)

    @property
    def start(self) -> tuple[Path, int, int]:
        """The file, and where in it the expression begins: the order of findings."""
        return self.path, self.line, self.column

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


_NAMED = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_NAMED_HEAD = lazy_pattern(r"(?:async\s+)?(?:class|def)\s+\w+")


def _end_of_head(node: ast.AST) -> ast.AST:
    """The last expression of a statement's first line: all of a loop is too much to show."""
    if isinstance(node, ast.For | ast.AsyncFor):
        return node.iter
    if isinstance(node, ast.While | ast.If):
        return node.test
    if isinstance(node, ast.Match):
        return node.subject
    if isinstance(node, ast.With | ast.AsyncWith):
        return node.items[-1].optional_vars or node.items[-1].context_expr
    return node


def file_lines(path: Path) -> list[bytes]:
    """The lines of a file as Python's parser counts them; none if it cannot be read."""
    instead = stand_in(path)
    if instead is not None:
        return _split(instead)
    try:
        status = path.stat()
        return _lines(path, status.st_mtime_ns, status.st_size)
    except OSError:
        return []


@lru_cache(maxsize=16)
def _lines(path: Path, _modified: int, _size: int) -> list[bytes]:
    # A file may have thousands of findings, each of which asks for its line.
    return _split(path.read_bytes())


@lru_cache(maxsize=16)
def _split(raw: bytes) -> list[bytes]:
    return raw.removeprefix(codecs.BOM_UTF8).splitlines()


def _characters(lines: list[bytes], line: int, offset: int) -> int:
    """How many characters the first bytes of a line are: ``ast`` counts bytes of UTF-8."""
    if line > len(lines):
        return offset
    return len(lines[line - 1][:offset].decode("utf-8", errors="replace"))


# What a resolved config must hold instead.
Fix = tuple[Change, ...]


class Diagnostic(NamedTuple):
    """What a rule found, and where.

    Attributes:
        message: What is wrong, with the values.
        place: The expression to blame.
        hint: What to do.
        fix: What the resolved config must hold instead, where that is safe to say.
    """

    message: str
    place: Place
    hint: str
    fix: Fix = ()


def at(origin: Origin, message: str, hint: str, fix: Fix = ()) -> Diagnostic:
    """A finding at a value of a config."""
    return Diagnostic(message, Place.of(origin), hint, fix)
