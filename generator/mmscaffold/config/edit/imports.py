"""Edits of the imports of a pure-Python config."""

from __future__ import annotations

import ast

from mmscaffold.config.edit.spans import Edit
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.text.source import ParsedSource, Span


def add_imports(config: ResolvedConfig, module: str, names: list[str]) -> Edit | None:
    """Write ``from module import names`` behind the imports that open the file.

    Args:
        config: A pure-Python config.
        module: A dotted name.
        names: What to import from it.

    Returns:
        ``None`` if all of them are imported already.
    """
    parsed = config.python
    last: ast.stmt | None = None
    opening = True
    for index, statement in enumerate(parsed.tree.body):
        if isinstance(statement, ast.ImportFrom) and statement.module == module:
            known = {alias.name for alias in statement.names if not alias.asname}
            names = [name for name in names if name not in known]
        docstring = index == 0 and isinstance(statement, ast.Expr)
        opening = opening and (docstring or isinstance(statement, ast.Import | ast.ImportFrom))
        if opening:
            last = statement
    if not names:
        return None
    text = f"from {module} import {', '.join(names)}\n"
    if last is None:
        start = parsed.source.bom_length
        return Edit(Span(start, start), text)
    lines = parsed.source.line_starts
    line = last.end_lineno or last.lineno
    if line < len(lines):
        return Edit(Span(lines[line], lines[line]), text)
    end = len(parsed.source.raw)
    return Edit(Span(end, end), "\n" + text.rstrip("\n"))


def drop_names(parsed: ParsedSource, statement: ast.ImportFrom, names: set[str]) -> list[Edit]:
    """Take names out of an import; the whole line, if no name is left.

    Args:
        parsed: The file.
        statement: The import.
        names: The names to drop, as the file knows them.
    """
    dropped = [(alias.asname or alias.name) in names for alias in statement.names]
    if not any(dropped):
        return []
    if all(dropped):
        whole = parsed.span(statement)
        raw, end = parsed.source.raw, whole.end
        if raw[end : end + 1] in (b"\r", b"\n"):
            end += 2 if raw[end : end + 2] == b"\r\n" else 1
        return [Edit(Span(whole.start, end), "")]
    spans = [parsed.span(alias) for alias in statement.names]
    last_kept = max(index for index, gone in enumerate(dropped) if not gone)
    edits = [
        Edit(Span(spans[index].start, spans[index + 1].start), "")
        for index in range(last_kept)
        if dropped[index]
    ]
    if last_kept + 1 < len(spans):
        edits.append(Edit(Span(spans[last_kept].end, spans[-1].end), ""))
    return edits
