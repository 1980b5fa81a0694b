"""Where a base, a name, a class, a module or an overridden value is defined."""

from __future__ import annotations

from lsprotocol import types

from mmscaffold.lsp.feature import Feature
from mmscaffold.lsp.reading import location, read_document
from mmscaffold.lsp.session import Session
from mmscaffold.places.definition import definitions_at


def definition(session: Session, params: types.DefinitionParams) -> list[types.Location]:
    """Where what stands at a position comes from; the nearest place first."""
    document = read_document(session, params.text_document.uri)
    if document is None:
        return []
    config, text = document
    spots = definitions_at(config, text.offset_at(params.position))
    return [location(session, spot) for spot in spots]


FEATURE = Feature(types.TEXT_DOCUMENT_DEFINITION, definition)
