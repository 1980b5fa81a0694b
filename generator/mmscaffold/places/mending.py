"""A half-written config made whole, so that all but what is being written keeps its meaning."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from mmscaffold.config.text.source import MAX_BYTES
from mmscaffold.places.outline import Bracket, Item, Outline

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_CHARACTER = re.compile(r"[^\r\n]")


def mended(outline: Outline) -> str | None:
    """The text with its unfinished statements closed, or else left out.

    Every line stays where it is. What is left out is replaced by blanks.

    Returns:
        ``None`` where there is nothing to mend, or it cannot be.
    """
    text = outline.text
    if not outline.is_python or len(text) > MAX_BYTES:
        return None
    parts = list(_parts(outline))
    if not parts or _is_whole(text):
        return None
    made = [text[: parts[0][0]]]
    for start, end, statements in parts:
        part = text[start:end]
        if not _is_whole(part):
            part = _mended_part(outline, start, end, statements)
            if not part.strip() and _names_bases(outline, statements[0]):
                # Without its bases, a config means something else.
                return None
        made.append(part)
    whole = "".join(made)
    return whole if _is_whole(whole) else None


def _parts(outline: Outline) -> Iterator[tuple[int, int, list[Item]]]:
    """Where each statement that is not indented begins and ends, with those in it."""
    text = outline.text
    starts: list[tuple[int, list[Item]]] = []
    for one in outline.statements:
        line = max(text.rfind("\n", 0, one.start), text.rfind("\r", 0, one.start)) + 1
        if one.start == line or not starts:
            starts.append((one.start, [one]))
        else:
            starts[-1][1].append(one)
    if not starts:
        return
    ends = [start for start, _ in starts[1:]] + [len(text)]
    for (start, statements), end in zip(starts, ends, strict=True):
        yield start, end, statements


def _mended_part(outline: Outline, start: int, end: int, statements: list[Item]) -> str:
    text = outline.text
    for cut, closing in _closed(statements[-1]):
        rest = _CHARACTER.sub("", text[cut:end])
        made = f"{text[start:cut]}{closing}{rest}"
        if _is_whole(made):
            return made
    return _CHARACTER.sub(" ", text[start:end]).replace("\t", " ").lstrip(" ")


def _names_bases(outline: Outline, statement: Item) -> bool:
    words = outline.text[statement.start : statement.start + len("_base_")]
    return words.startswith(("_base_", "with"))


def _closed(statement: Item) -> Iterator[tuple[int, str]]:
    """Where to cut a statement off, and what closes its brackets there; the latest first."""
    brackets: list[Bracket] = []
    items = [statement]
    while items:
        last = next((one for one in reversed(items[-1].brackets) if not one.is_closed), None)
        if last is None:
            break
        brackets.append(last)
        items = last.items[-1:]
    closing = "".join(_CLOSING[one.opener] for one in reversed(brackets))
    if not brackets:
        return
    innermost = brackets[-1]
    last_item = innermost.items[-1] if innermost.items else None
    if last_item is not None:
        yield last_item.end, closing
        # It is its last item that is being written.
        yield last_item.start, closing
    else:
        yield innermost.inside[0], closing


def _is_whole(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
