"""One finding of a rule."""

from __future__ import annotations

import ast
import codecs
import enum
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.key_path import KeyPath


class Severity(enum.Enum):
    """How sure and how grave a finding is."""

    ERROR = "error"
    """The Runner refuses it, or silently trains something else than written."""
    WARNING = "warning"
    """Probably not what was meant."""
    INFO = "info"
    """Worth a look; often meant so. Does not count for the exit code."""


@dataclass(frozen=True, order=True)
class Place:
    """A place in a file.

    Attributes:
        path: The file.
        line: From 1.
        column: In characters, from 1.
    """

    path: Path
    line: int
    column: int = 1

    @classmethod
    def of(cls, origin: Origin) -> Place:
        """The place of a value of a config."""
        return cls(origin.path, origin.line, origin.column)

    @classmethod
    def at(cls, path: Path, node: ast.AST) -> Place:
        """The place of a node of Python code."""
        line, offset = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        return cls(path, line, _characters(path, line, offset) + 1)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


def _characters(path: Path, line: int, offset: int) -> int:
    """How many characters the first bytes of a line are: ``ast`` counts bytes of UTF-8."""
    try:
        lines = path.read_bytes().removeprefix(codecs.BOM_UTF8).splitlines() if offset else []
    except OSError:
        return offset
    if line > len(lines):
        return offset
    return len(lines[line - 1][:offset].decode("utf-8", errors="replace"))


class Removed(enum.Enum):
    """Stands for "no such key" in a fix; the same one in every process."""

    REMOVED = "removed"


REMOVED = Removed.REMOVED
# What a resolved config shall hold at a key, or REMOVED.
Fix = tuple[tuple[KeyPath, Any], ...]


@dataclass(frozen=True)
class Diagnostic:
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
