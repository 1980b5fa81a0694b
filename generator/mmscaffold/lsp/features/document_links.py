"""The bases and the modules of ``custom_imports``, to be opened with a click."""

from __future__ import annotations

from lsprotocol import types

from mmscaffold.lsp.feature import Feature
from mmscaffold.lsp.reading import read_document
from mmscaffold.lsp.session import Session
from mmscaffold.places.definition import document_links


def links(session: Session, params: types.DocumentLinkParams) -> list[types.DocumentLink]:
    """The files that the document names."""
    document = read_document(session, params.text_document.uri)
    if document is None:
        return []
    config, text = document
    return [
        types.DocumentLink(text.range_at(one.start, one.end), session.uri(one.path))
        for one in document_links(config)
    ]


FEATURE = Feature(types.TEXT_DOCUMENT_DOCUMENT_LINK, links, types.DocumentLinkOptions())
