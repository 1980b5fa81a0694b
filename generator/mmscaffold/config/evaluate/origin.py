"""Where a value was written, what it merely copies, and what it replaced."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mmscaffold.config.text.source import ParsedFile, Span

if TYPE_CHECKING:
    import yaml


class Origin:
    """The expression that gave one key or index of a container its value.

    Attributes:
        parsed: The parsed file that holds the expression.
        node: The expression itself; the whole statement of a function or class.
        copied_from: If the expression only names another value, where that one was written.
        replaced: The origin that this one overrode when ``_base_`` files merged.
    """

    __slots__ = ("copied_from", "node", "parsed", "replaced")

    def __init__(
        self,
        parsed: ParsedFile,
        node: ast.expr | ast.stmt | yaml.Node,
        copied_from: Origin | None = None,
        replaced: Origin | None = None,
    ) -> None:
        self.parsed = parsed
        self.node = node
        self.copied_from = copied_from
        self.replaced = replaced

    def __repr__(self) -> str:
        return f"<origin {self.where}>"

    @property
    def expression(self) -> ast.expr:
        """The Python expression.

        Raises:
            TypeError: If it is a node of YAML or JSON.
        """
        if not isinstance(self.node, ast.expr):
            raise TypeError("a value of YAML or JSON is not a Python expression")
        return self.node

    @property
    def path(self) -> Path:
        """The file."""
        return self.parsed.path

    @property
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
    def written(self) -> Origin:
        """The end of the ``copied_from`` chain: the expression that is not a mere name."""
        origin = self
        while origin.copied_from is not None:
            origin = origin.copied_from
        return origin

    def overrode(self) -> Iterator[Origin]:
        """What this value replaced when ``_base_`` files merged, newest first."""
        origin = self.replaced
        while origin is not None:
            yield origin
            origin = origin.replaced

    def over(self, other: Origin | None) -> Origin:
        """This origin, having replaced ``other``."""
        if other is None:
            return self
        return Origin(self.parsed, self.node, self.copied_from, other)
