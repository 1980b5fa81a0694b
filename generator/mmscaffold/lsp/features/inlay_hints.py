"""What a dict inherits and what a value was, within the text; steps in the other unit."""

from __future__ import annotations

from lsprotocol import types

from mmscaffold.lsp.feature import Feature
from mmscaffold.lsp.reading import read_document
from mmscaffold.lsp.session import Session
from mmscaffold.places.hints import hints_in


def inlay_hints(session: Session, params: types.InlayHintParams) -> list[types.InlayHint]:
    """The hints of a range; none where the user wants none."""
    document = None
    if session.settings.inlay_hints:
        document = read_document(session, params.text_document.uri)
    if document is None:
        return []
    config, text = document
    start, end = text.offset_at(params.range.start), text.offset_at(params.range.end)
    return [
        types.InlayHint(
            text.position_at(one.offset),
            one.label,
            tooltip=one.told,
            padding_left=True,
            padding_right=True,
        )
        for one in hints_in(config, start, end)
    ]


FEATURE = Feature(types.TEXT_DOCUMENT_INLAY_HINT, inlay_hints, types.InlayHintOptions())
