"""Byte-span replacements, the one kind of edit that there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.source import Source, Span


@dataclass(frozen=True)
class Edit:
    r"""Replace the bytes of ``span`` with ``text``; an empty span inserts.

    Attributes:
        span: The bytes of the file to replace.
        text: The new text; ``\n`` in it becomes the file's own line ending.
    """

    span: Span
    text: str


def apply_edits(source: Source, edits: Iterable[Edit]) -> bytes:
    """The file's bytes with every edit made.

    Insertions at one place keep the order in which they are given.

    Raises:
        ConfigError: If two edits overlap.
    """
    parts: list[bytes] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        if edit.span.start < done:
            raise ConfigError("two edits overlap", where=str(source.path))
        text = edit.text.replace("\n", source.newline)
        parts += [source.raw[done : edit.span.start], text.encode("utf-8")]
        done = edit.span.end
    parts.append(source.raw[done:])
    return b"".join(parts)


def separator_like(source: Source, offset: int) -> str:
    """What separates a new item from its neighbour: a new line if that has a line of its own.

    Args:
        source: The file.
        offset: The byte at which the neighbour begins.
    """
    line, _ = source.line_and_column(offset)
    before = source.raw[source.line_starts[line - 1] : offset].decode("utf-8")
    return ", " if before.strip() else f",\n{before}"
