"""Imports that nothing needs once a file is upgraded.

mmengine takes a file that imports a module which is not Python's own for the pure Python style.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from mmscaffold.check.config_names import names_read
from mmscaffold.config.edit.spans import Edit, apply_edits
from mmscaffold.config.text.source import ParsedSource, Source, Span
from mmscaffold.config.text.style import telling_statement
from mmscaffold.facts.packages import is_openmmlab

_LIBRARIES = frozenset({"cv2", "numpy", "PIL", "scipy", "torch", "torchvision"})


def registers_nothing(statement: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import only brings names, and no classes of a project into registries."""
    modules = (
        [one.name for one in statement.names]
        if isinstance(statement, ast.Import)
        else [statement.module or ""]
    )
    level = getattr(statement, "level", 0)
    return not level and all(
        is_openmmlab(one) or one.partition(".")[0] in _LIBRARIES for one in modules
    )


def bound_names(statement: ast.Import | ast.ImportFrom) -> frozenset[str]:
    """The names that an import binds."""
    return frozenset((one.asname or one.name).partition(".")[0] for one in statement.names)


def telling_import(parsed: ParsedSource) -> ast.Import | ast.ImportFrom | None:
    """The import that makes a file one of the pure Python style, if one does."""
    found = telling_statement(parsed)
    return found if isinstance(found, ast.Import | ast.ImportFrom) else None


def without_idle_imports(path: Path, raw: bytes) -> bytes:
    """The bytes of a file without imports whose names nothing reads.

    Only those go that bring no more than names; comments beside them stay.
    """
    source = Source(path, raw)
    parsed = ParsedSource(source)
    if telling_import(parsed) is None:
        return raw
    read = names_read(parsed.tree)
    edits = [
        _without(source, parsed.span(one))
        for one in _idle(parsed.tree)
        if read.isdisjoint(bound_names(one))
    ]
    return apply_edits(source, edits) if edits else raw


def _idle(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and registers_nothing(node):
            yield node


def _without(source: Source, span: Span) -> Edit:
    """Take a statement out, with its line if nothing else stands there."""
    raw = source.raw
    end = raw.find(b"\n", span.end)
    end = len(raw) if end < 0 else end + 1
    alone = not raw[span.end : end].strip() and (
        span.start == 0 or raw[span.start - 1 : span.start] in (b"\n", b"\r")
    )
    if alone:
        return Edit(Span(span.start, end), "")
    after = raw[span.end : end]
    blank = len(after) - len(after.lstrip(b" \t;"))
    return Edit(Span(span.start, span.end + blank), "")
