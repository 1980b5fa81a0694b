"""The line of a finding, and the marks below it."""

from __future__ import annotations

import unicodedata

from mmscaffold.check import Place
from mmscaffold.check.diagnostic import file_lines


def excerpt(place: Place) -> tuple[str, str] | None:
    """The first line of an expression, and the line that underlines it in a terminal.

    Of an expression that goes on, what stands on its first line is underlined.

    Returns:
        Both, or ``None`` if the file has no such line or cannot be read.
    """
    lines = file_lines(place.path)
    if place.line > len(lines):
        return None
    line = lines[place.line - 1].decode("utf-8", errors="replace")
    start = place.column - 1
    end = place.end_column - 1 if place.end_line == place.line else len(line.rstrip())
    # Tabs stay tabs, so that the marks stand below their place.
    before = "".join(one if one == "\t" else " " * _width(one) for one in line[:start])
    return line, before + "^" * max(sum(map(_width, line[start:end])), 1)


def _width(character: str) -> int:
    """How many columns of a terminal a character takes."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
