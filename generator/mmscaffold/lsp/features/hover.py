"""The resolved value under the pointer, every file that set it, and the class of a ``type``."""

from __future__ import annotations

from lsprotocol import types

from mmscaffold.lsp.feature import Feature
from mmscaffold.lsp.reading import read_document
from mmscaffold.lsp.session import Session
from mmscaffold.places.hover import hover_at


def hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    """What is known of what stands at a position."""
    document = read_document(session, params.text_document.uri)
    if document is None:
        return None
    config, text = document
    found = hover_at(config, text.offset_at(params.position))
    if found is None:
        return None
    content = types.MarkupContent(types.MarkupKind.Markdown, found.markdown)
    return types.Hover(content, text.range_at(found.start, found.end))


FEATURE = Feature(types.TEXT_DOCUMENT_HOVER, hover)
