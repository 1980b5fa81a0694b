"""Where an expression stands, and how its text is laid out somewhere else."""

from __future__ import annotations

import re
from typing import NamedTuple

from mmscaffold.config.text.source import Source

_STEP = "    "


class Place(NamedTuple):
    """Where an expression begins.

    Attributes:
        indent: The blanks that its line begins with.
        column: How many characters stand before it on its line.
        step: By what the items of a bracket are indented.
    """

    indent: str
    column: int
    step: str = _STEP

    def inner(self, before: str = "") -> Place:
        """Where an item of a bracket stands on a line of its own, behind its name."""
        indent = self.indent + self.step
        return Place(indent, len(indent) + len(before), self.step)


def step_of(source: Source) -> str:
    """By what a file indents: tabs, if its first indented line begins with one."""
    found = re.search(r"^[ \t]+(?=\S)", source.text, re.MULTILINE)
    return "\t" if found and found.group().startswith("\t") else _STEP


def place_at(source: Source, offset: int, step: str = _STEP) -> Place:
    """Where the expression at a byte of a file stands."""
    before = source.before(offset)
    return Place(before[: len(before) - len(before.lstrip(" \t"))], len(before), step)


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
    least = min((len(_indent(line)) for line in rest if line.strip()), default=0)
    if least > old.column > len(old.indent):
        # Items below the first one follow it, not the line.
        by = new.column - old.column
        return "\n".join([first, *(_shifted(line, by) for line in rest)])
    return "\n".join([first, *(_indented(line, old.indent, new.indent) for line in rest)])


def _indented(line: str, old: str, new: str) -> str:
    """A line with another indent in the place of the one that it shares with its bracket."""
    if not line.strip():
        return line
    if line.startswith(old):
        return new + line[len(old) :]
    return new + line.lstrip(" \t")


def _shifted(line: str, by: int) -> str:
    if not line.strip():
        return line
    return " " * by + line if by >= 0 else line[min(-by, len(_indent(line))) :]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


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
    indent = place.indent + place.step
    joined = ", ".join(items) + end
    if "\n" not in joined and len(indent) + len(joined) < width:
        return f"{start}\n{indent}{joined}"
    return f"{start}\n{indent}" + f",\n{indent}".join(items) + end


def without_first_comma(gap: str) -> str:
    """What stands between two items, without the comma that ended the first."""
    return re.sub(r"^(\s*),", r"\1", gap, count=1)
