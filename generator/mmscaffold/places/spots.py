"""Places in files, as answers name them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.text.source import Span

_WHOLE = Span(0, 0)


@dataclass(frozen=True)
class Spot:
    """A stretch of a file.

    Attributes:
        path: The file.
        span: In bytes of the file.
    """

    path: Path
    span: Span = _WHOLE

    @classmethod
    def of(cls, origin: Origin) -> Spot:
        """Where a value was written, without the blanks behind it."""
        span, raw = origin.span, origin.parsed.source.raw
        length = len(raw[span.start : span.end].rstrip())
        return cls(origin.path, Span(span.start, span.start + length))

    @classmethod
    def in_text(cls, path: Path, text: str, start: int, end: int) -> Spot:
        """A stretch between two offsets in characters of a text, which is that of the file."""
        before = len(text[:start].encode("utf-8", "surrogatepass"))
        inside = len(text[start:end].encode("utf-8", "surrogatepass"))
        return cls(path, Span(before, before + inside))
