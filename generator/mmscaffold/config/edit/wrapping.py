"""Break the lines that edits of a Python config made too long, between the items of brackets."""

from __future__ import annotations

import io
import keyword
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mmscaffold.config.edit.line_length import SHORTEST, line_length
from mmscaffold.config.edit.spans import Edit, apply_edits
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.source import Source, Span

# By how much an edit may lengthen a line that its author had let grow too long, and by how much
# a comment may stick out.
_TOLERATED = 20
_OPENING, _CLOSING = "([{", ")]}"
_LAYOUT = (tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT)


def apply_wrapped(source: Source, edits: Iterable[Edit]) -> bytes:
    """The file's bytes with every edit made; lines that became too long by it are broken.

    Only blanks and line breaks within brackets are put in, so the meaning stays. A line that
    holds a placeholder, or says ``noqa``, is left as it is.

    Args:
        source: A Python config.
        edits: What to replace.

    Raises:
        ConfigError: If two edits overlap.
    """
    edits = list(edits)
    raw = apply_edits(source, edits)
    longest = max(map(len, raw.splitlines()), default=0)
    if longest <= SHORTEST:
        return raw
    width = line_length(source)
    if longest <= width:
        return raw
    try:
        edited = Source(source.path, raw)
    except ConfigError:
        return raw
    grown = list(_grown(source, edits, edited, width))
    if not grown or re.search(r"\r(?!\n)", edited.text):
        return raw
    return apply_edits(edited, _breaks(edited, grown, width))


def _grown(source: Source, edits: list[Edit], edited: Source, width: int) -> Iterator[int]:
    """The lines that are too long now, and were not, or not by as much, before."""
    allowed: dict[int, int] = {}
    shift = 0
    for edit in sorted(edits, key=lambda one: (one.span.start, one.span.end)):
        old = _longest(source, edit.span.start, edit.span.end)
        start = edit.span.start + shift
        end = start + len(edit.text.replace("\n", source.newline).encode())
        shift += end - start - (edit.span.end - edit.span.start)
        # A name or number that grew in its place is no reason to lay a line out anew.
        in_place = not any(sign in edit.text for sign in (",", *_OPENING))
        limit = max(width, old) + _TOLERATED if in_place or old > width else width
        for number in _lines(edited, start, end):
            allowed[number] = min(limit, allowed.get(number, limit))
    for number, limit in allowed.items():
        if _length(edited, number) > limit:
            yield number


def _lines(source: Source, start: int, end: int) -> range:
    return range(source.line_and_column(start)[0], source.line_and_column(end)[0] + 1)


def _longest(source: Source, start: int, end: int) -> int:
    return max(_length(source, number) for number in _lines(source, start, end))


def _length(source: Source, number: int) -> int:
    return len(_line(source, number))


def _line(source: Source, number: int) -> str:
    starts = source.line_starts
    end = starts[number] if number < len(starts) else len(source.raw)
    return source.raw[starts[number - 1] : end].decode("utf-8").rstrip("\r\n")


@dataclass(frozen=True)
class _Place:
    """Where a line may be broken: behind a comma, or behind an opening bracket.

    Attributes:
        column: The column behind it.
        depth: How many brackets are open there.
        opened: The column behind the bracket that is open there; ``None`` if another line
            opens it.
    """

    column: int
    depth: int
    opened: int | None

    @property
    def is_bracket(self) -> bool:
        return self.column == self.opened


def _breaks(source: Source, numbers: Iterable[int], width: int) -> list[Edit]:
    """The edits that break some lines of one text."""
    places, comments = _places(source.text)
    edits: list[Edit] = []
    for number in sorted(numbers):
        line = _line(source, number)
        if "{{" in line or "}}" in line or "noqa" in line:
            continue
        code = line[: comments.get(number)].rstrip()
        if len(code) <= width and len(line) <= width + _TOLERATED:
            continue
        start = source.line_starts[number - 1]
        for first, last, indent in _line_breaks(line, places.get(number, []), width):
            span = Span(start + len(line[:first].encode()), start + len(line[:last].encode()))
            edits.append(Edit(span, "\n" + " " * indent))
    return edits


def _places(text: str) -> tuple[dict[int, list[_Place]], dict[int, int]]:
    """Where each line may be broken, from left to right, and where its comment begins."""
    places: dict[int, list[_Place]] = {}
    comments: dict[int, int] = {}
    opened: list[tuple[int, int]] = []
    templates = 0
    before: _Place | None = None
    ends_operand = False
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if before is not None and token.type not in _LAYOUT and token.string not in _CLOSING:
                places.setdefault(token.start[0], []).append(before)
            before = None
            if token.type == tokenize.COMMENT:
                comments[token.start[0]] = token.start[1]
            follows_operand, ends_operand = ends_operand, _ends_operand(token)
            row, column = token.end
            kind = tokenize.tok_name[token.type]
            # Within an f-string, commas belong to its text or its format.
            templates += {"FSTRING_START": 1, "FSTRING_END": -1}.get(kind, 0)
            if token.type != tokenize.OP or templates:
                continue
            if token.string in _OPENING:
                opened.append((row, column))
            elif token.string in _CLOSING and opened:
                opened.pop()
            # Behind the bracket of a subscript, no line is broken.
            is_item = token.string == "[" and follows_operand
            if opened and token.string in (",", *_OPENING) and not is_item:
                line, behind = opened[-1]
                before = _Place(column, len(opened), behind if line == row else None)
    except (tokenize.TokenError, SyntaxError):
        return {}, {}
    return places, comments


def _ends_operand(token: tokenize.TokenInfo) -> bool:
    """Whether a bracket right behind a token takes an item of what ends there."""
    if token.type == tokenize.NAME:
        return not keyword.iskeyword(token.string)
    return token.type == tokenize.STRING or token.string in _CLOSING


def _line_breaks(line: str, places: list[_Place], width: int) -> Iterator[tuple[int, int, int]]:
    """Where to break a line.

    Yields:
        The columns between which blanks give way to a line break, and the indent behind it.
    """
    indent = len(line) - len(line.lstrip())
    # Where items of a bracket begin, by the column behind it; those of earlier lines as this one.
    indents: dict[int | None, int] = {None: indent}
    # The part still to be broken: where it begins, and how far to the left it moved.
    begin = moved = 0
    while len(line) - moved > width:
        left = [one for one in places if begin < one.column and one.column - moved <= width]
        for one in left:
            if one.is_bracket:
                indents.setdefault(one.column, one.column - moved)
        place = _best(left, indents, begin, width)
        if place is None:
            return
        if place.is_bracket:
            indents[place.column] = indent + 4
        indent = indents[place.opened]
        rest = line[place.column :]
        behind = place.column + len(rest) - len(rest.lstrip())
        if indent >= behind - moved:
            return
        yield place.column, behind, indent
        begin, moved = place.column, behind - indent


def _best(
    left: list[_Place], indents: dict[int | None, int], begin: int, width: int
) -> _Place | None:
    """The last comma of the outermost bracket that has one, or behind an opening bracket."""
    commas = [one for one in left if not one.is_bracket]
    brackets = [one for one in left if one.is_bracket]
    if not commas:
        return brackets[0] if brackets else None
    outermost = min(one.depth for one in commas)
    last = [one for one in commas if one.depth == outermost][-1]
    if indents[last.opened] > width // 2 and last.opened is not None and last.opened > begin:
        # Its items would be squeezed to the right.
        return next((one for one in brackets if one.column == last.opened), last)
    return last
