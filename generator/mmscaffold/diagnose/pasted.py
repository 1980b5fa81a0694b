"""Log lines as mmengine wrote them, from what people hand over.

A log comes out of a terminal, an issue, a chat or a container: with colours, with tabs for spaces,
quoted, with the time and the name of a container in front, wrapped at 80 columns, as HTML, or
with its line ends lost.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

# Of mmengine's file, of its console, and of mmcv 1.x.
STAMP = re.compile(
    rb"(?:(?:\d{4}/)?\d\d/\d\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+) - "
)
_COLOUR = re.compile(rb"\x1b\[[0-9;?]{0,40}[A-Za-z]")
# What a prefix of container, launcher or quotation may look like.
_PREFIX = re.compile(rb"[\w\[\]().:|>,/ \t-]{1,120}")
_TAG = re.compile(rb"</?(?:br|p|div|span|pre|code|li|td|tr)\b[^<>]{0,200}>", re.IGNORECASE)
# Whether there is one: the end of a number, or of a name with its colon, will do.
_PAIR = re.compile(rb"[\d.](?:e[+-]?\d+)?\b|\w: ")
_HARD_SPACE = "\N{NO-BREAK SPACE}".encode()  # what a browser copies for one of two spaces
_WRITTEN = re.compile(rb"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d - [^\x1b\t<&\xc2]*\Z")
_DASHES = 3  # `2025/01/01 00:00:00 - mmengine - INFO - Epoch(train) ...`
_LONG = 2_000  # bytes; a line of mmengine has some hundred
_MOST_JOINED = 4_000


def logical_lines(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines of a log, whole and plain, each with the number at which it begins.

    Args:
        lines: The lines of a file, with their ends. An empty one is none of them, but tells that
            no more is there yet; it is passed on once all lines before it are.
    """
    prefix = b""
    held: tuple[int, bytes] | None = None
    pauses = 0
    for count, raw in enumerate(lines, 1):
        number = count - pauses
        if not raw:
            pauses += 1
            if held is not None:
                yield held
                held = None
            yield number, raw
            continue
        if not prefix and held is None and _is_as_written(raw):
            if b"(train)" not in raw or _is_whole(raw):
                yield number, raw
            else:
                held = (number, raw)
            continue
        prefix, pieces = _plain(raw, prefix)
        for piece in pieces:
            if held is not None:
                if _continues(held[1], piece):
                    held = (held[0], _joined(held[1], piece))
                    continue
                yield held
                held = None
            if b"(train)" in piece and not _is_whole(piece):
                held = (number, piece)
            else:
                yield number, piece
    if held is not None:
        yield held


def _plain(raw: bytes, prefix: bytes) -> tuple[bytes, list[bytes]]:
    """A line without colours, tags and prefix; several on one line are taken apart.

    Args:
        raw: The line.
        prefix: What stood in front of the line before.

    Returns:
        What stands in front of this one, and the lines in it.
    """
    raw = _spaced(_COLOUR.sub(b"", raw) if b"\x1b" in raw else raw)
    if b"<" in raw and (b"</" in raw or b"<br" in raw.lower()):
        raw = _without_tags(raw)
    elif b"&gt;" in raw or b"&lt;" in raw:
        raw = html.unescape(raw.decode("utf-8", "replace")).encode()
    starts = [found.start() for found in STAMP.finditer(raw)]
    if not starts:
        return prefix, [raw.removeprefix(prefix) if prefix else raw]
    pieces = []
    before = raw[: starts[0]]
    if not before or _PREFIX.fullmatch(before):
        prefix = before
    elif before.strip():
        pieces.append(before + b"\n")
    for start, end in zip(starts, [*starts[1:], len(raw)], strict=True):
        piece = raw[start:end]
        pieces.append(piece if end == len(raw) else piece.rstrip() + b"\n")
    return prefix, pieces


def _is_as_written(raw: bytes) -> bool:
    """Whether mmengine wrote a line like this, as it did nearly every line of nearly every log.

    A cheap test: what fails it is looked at closely.
    """
    return raw.count(b" - ") == _DASHES and _WRITTEN.match(raw) is not None


def _spaced(raw: bytes) -> bytes:
    raw = raw.replace(_HARD_SPACE, b" ")
    # How many spaces a tab was tells nothing of how far mmengine padded the epoch.
    return raw.replace(b")\t", b")").replace(b"\t", b" ") if b"\t" in raw else raw


def _without_tags(raw: bytes) -> bytes:
    text = _TAG.sub(b" ", raw).decode("utf-8", "replace")
    return html.unescape(text).encode().lstrip(b" ")


def _is_whole(raw: bytes) -> bool:
    return b"data_time: " in raw and b"lr: " in raw and (b"loss" in raw or len(raw) > _LONG)


def _continues(held: bytes, raw: bytes) -> bool:
    if not raw.strip() or STAMP.match(raw) or len(held) > _MOST_JOINED or b"(train)" in raw:
        return False
    return len(raw) < _LONG and b"Traceback" not in raw and _PAIR.search(raw) is not None


def _joined(held: bytes, raw: bytes) -> bytes:
    """One line of two: cut within a word at a column, or between words."""
    first, rest = held.rstrip(b"\r\n"), raw.lstrip(b"\r\n")
    cut = first + rest
    spaced = first.rstrip() + b" " + rest.lstrip()
    return spaced if _reads_better(spaced, cut) else cut


def _reads_better(spaced: bytes, cut: bytes) -> bool:
    """Whether a space belongs where two lines met: `eta:|0:01`, `0.1|loss`; not `ti|me: 0.1`."""
    return len(_FIELD.findall(spaced)) > len(_FIELD.findall(cut))


_FIELD = re.compile(
    rb"(?<![\w.])(?:base_lr|lr|eta|time|data_time|memory|loss\w*|\w+\.loss\w*|grad_norm): +"
    rb"(?:-?\d+ days?, )?-?[\d.:]+(?:e[+-]?\d+)?(?=\s|$)"
)
