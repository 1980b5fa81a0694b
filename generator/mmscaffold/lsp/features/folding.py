"""The stretches of a config that can be folded."""

from __future__ import annotations

from lsprotocol import types

from mmscaffold.lsp.feature import Feature
from mmscaffold.lsp.reading import read_document
from mmscaffold.lsp.session import Session
from mmscaffold.places.symbols import folds_of


def folding(session: Session, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
    """The dicts, lists and comments of a document that go over several lines."""
    document = read_document(session, params.text_document.uri)
    if document is None:
        return []
    config, text = document
    found: dict[tuple[int, int], types.FoldingRange] = {}
    for one in folds_of(config.outline):
        first, last = text.position_at(one.start).line, text.position_at(one.end).line
        kind = types.FoldingRangeKind.Region
        if one.is_comment:
            kind = types.FoldingRangeKind.Comment
        elif one.is_imports:
            kind = types.FoldingRangeKind.Imports
        if last > first:
            found.setdefault((first, last), types.FoldingRange(first, last, kind=kind))
    return list(found.values())


FEATURE = Feature(types.TEXT_DOCUMENT_FOLDING_RANGE, folding)
