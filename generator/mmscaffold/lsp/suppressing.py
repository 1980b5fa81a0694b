"""The comment that suppresses a finding, as an edit of its line."""

from __future__ import annotations

import re

from lsprotocol import types

from mmscaffold.check.ignores import ignored_at
from mmscaffold.check.report import Finding
from mmscaffold.lsp.documents import Document
from mmscaffold.lsp.positions import Text

_LIST = re.compile(r"#\s*mmscaffold: ignore\[(?P<ids>[^\]]*)")


def suppression(finding: Finding, document: Document) -> types.TextEdit | None:
    """The edit; ``None`` where a comment would not do, as in JSON or within a long string."""
    text = document.text
    number = finding.diagnostic.place.line - 1
    line = text.line(number)
    listed = _LIST.search(line)
    if listed:
        separator = ", " if listed["ids"].strip() else ""
        at, new = listed.end(), f"{separator}{finding.rule.id}"
    else:
        at, new = len(line), f"  # mmscaffold: ignore[{finding.rule.id}]"
    start = text.line_starts[number] + at if number < len(text.line_starts) else len(text.text)
    after = Text(text.text[:start] + new + text.text[start:]).raw
    if finding.rule.id not in ignored_at(document.path, after, number + 1):
        return None
    return types.TextEdit(text.range_at(start, start), new)
