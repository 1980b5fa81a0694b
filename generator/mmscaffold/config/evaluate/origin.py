"""Where a value was written, and what it replaced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mmscaffold.config.text.source import ParsedFile, Span

if TYPE_CHECKING:
    import ast

    import yaml

    from mmscaffold.config.evaluate.values import Slot


@dataclass(frozen=True)
class Origin:
    """The expression that gave a key its value.

    Attributes:
        parsed: The parsed file that holds the expression.
        node: The expression itself.
        slot: The container slot it filled, which links to what it overrode.
    """

    parsed: ParsedFile
    node: ast.expr | ast.stmt | yaml.Node
    slot: Slot

    @property
    def path(self) -> Path:
        """The file."""
        return self.parsed.path

    @cached_property
    def span(self) -> Span:
        """The bytes of the expression in the file."""
        return self.parsed.span(self.node)

    @property
    def line(self) -> int:
        """The line, from 1."""
        return self.parsed.source.line_and_column(self.span.start)[0]

    @property
    def column(self) -> int:
        """The column in characters, from 1."""
        return self.parsed.source.line_and_column(self.span.start)[1]

    @property
    def text(self) -> str:
        """The expression as it stands in the file."""
        return self.parsed.source.text_of(self.span)

    @property
    def where(self) -> str:
        """``path:line:column``."""
        return self.parsed.where(self.node)

    @property
    def copied_from(self) -> Origin | None:
        """If the expression only names another value, where that one was written."""
        return self.slot.copied_from.origin if self.slot.copied_from else None

    @property
    def written(self) -> Origin:
        """The end of the ``copied_from`` chain: the expression that is no mere name."""
        origin = self
        while (source := origin.copied_from) is not None:
            origin = source
        return origin

    def overrode(self) -> Iterator[Origin]:
        """What this value replaced when ``_base_`` files merged, newest first."""
        slot = self.slot.overrode
        while slot is not None:
            yield slot.origin
            slot = slot.overrode
