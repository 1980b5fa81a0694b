"""The lines of a log around those that show something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.diagnose.history import UnreadLines
from mmscaffold.diagnose.reading import lines_of
from mmscaffold.errors import MmscaffoldError

_AROUND = 2  # lines before and behind
_LONGEST = 300  # characters of a line


@dataclass(frozen=True)
class ExcerptLine:
    """One line.

    Attributes:
        number: From 1.
        text: What it says; what cannot be seen is a dot.
        is_meant: Whether it is the one that shows something.
    """

    number: int
    text: str
    is_meant: bool


def log_excerpts(path: Path, meant: Iterable[int]) -> dict[int, list[ExcerptLine]]:
    """The lines around some lines of a log, by the numbers of those.

    Args:
        path: The log; it is read once.
        meant: Numbers of lines, from 1.
    """
    around = {
        number: range(max(number - _AROUND, 1), number + _AROUND + 1) for number in set(meant)
    }
    wanted = {line for some in around.values() for line in some}
    texts: dict[int, str] = {}
    last = max(wanted, default=0)
    try:
        for number, raw in enumerate(lines_of(path, UnreadLines()), 1):
            if number > last:
                break
            if number in wanted:
                texts[number] = _shown(raw)
    except MmscaffoldError:
        # It was there a moment ago: the page is made without its lines.
        return {}
    return {
        number: [ExcerptLine(line, texts[line], line == number) for line in some if line in texts]
        for number, some in around.items()
        if number in texts
    }


def _shown(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace").rstrip().expandtabs(4)
    text = "".join(one if one.isprintable() else "·" for one in text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."
