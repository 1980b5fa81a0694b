"""Where an expression stands, and how its text is laid out somewhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mmscaffold.config.text.source import Source

STEP = 4
"""By how many blanks items of a bracket are indented."""


@dataclass(frozen=True)
class Place:
    """Where an expression begins.

    Attributes:
        indent: How many blanks its line begins with.
        column: How many characters stand before it on its line.
    """

    indent: int
    column: int

    def inner(self, before: str = "") -> Place:
        """Where an item of a bracket stands on a line of its own, behind its name."""
        return Place(self.indent + STEP, self.indent + STEP + len(before))


def place_at(source: Source, offset: int) -> Place:
    """Where the expression at a byte of a file stands."""
    line, _ = source.line_and_column(offset)
    before = source.raw[source.line_starts[line - 1] : offset].decode("utf-8")
    return Place(len(before) - len(before.lstrip(" \t")), len(before))


def moved(text: str, old: Place, new: Place) -> str:
    """The text of an expression, its further lines indented for another place.

    Args:
        text: The expression.
        old: Where its lines were laid out for.
        new: Where it begins now.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first, *rest = text.split("\n")
    if not rest or old == new or '"""' in text or "'''" in text:
        return text
    least = min((_indent(line) for line in rest if line.strip()), default=0)
    # Items below the first one follow it, others the line.
    aligned = least > old.column > old.indent
    by = new.column - old.column if aligned else new.indent - old.indent
    return "\n".join([first, *(_shifted(line, by) for line in rest)])


def _shifted(line: str, by: int) -> str:
    if not line.strip():
        return line
    if by >= 0:
        return " " * by + line
    return line[min(-by, _indent(line)) :]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def bracketed(start: str, items: list[str], end: str, place: Place, width: int) -> str:
    """A bracket with its items: on one line if they fit there, else one line for each.

    Args:
        start: What opens it, such as ``dict(``.
        items: The items, laid out for lines of their own.
        end: What closes it.
        place: Where it begins.
        width: The longest line wanted.
    """
    one_line = start + ", ".join(items) + end
    if not items or ("\n" not in one_line and place.column + len(one_line) < width):
        return one_line
    indent = " " * (place.indent + STEP)
    joined = ", ".join(items) + end
    if "\n" not in joined and len(indent) + len(joined) < width:
        return f"{start}\n{indent}{joined}"
    return f"{start}\n{indent}" + f",\n{indent}".join(items) + end


def without_first_comma(gap: str) -> str:
    """What stands between two items, without the comma that ended the first."""
    return re.sub(r"^(\s*),", r"\1", gap, count=1)
