"""The keys that a config sets, as a tree."""

from __future__ import annotations

from lsprotocol import types

from mmscaffold.lsp.feature import Feature
from mmscaffold.lsp.positions import Text
from mmscaffold.lsp.reading import read_document
from mmscaffold.lsp.session import Session
from mmscaffold.places.symbols import Symbol, symbols_of


def document_symbols(
    session: Session, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol]:
    """The keys of a document."""
    document = read_document(session, params.text_document.uri)
    if document is None:
        return []
    config, text = document
    return [_symbol(one, text) for one in symbols_of(config.outline)]


def _symbol(one: Symbol, text: Text) -> types.DocumentSymbol:
    kind = types.SymbolKind.Property
    if one.is_class:
        kind = types.SymbolKind.Class
    elif one.is_list:
        kind = types.SymbolKind.Array
    elif one.is_dict:
        kind = types.SymbolKind.Object
    return types.DocumentSymbol(
        one.name,
        kind,
        text.range_at(*one.span),
        text.range_at(*one.name_span),
        detail=one.detail or None,
        children=[_symbol(inner, text) for inner in one.inner],
    )


FEATURE = Feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, document_symbols)
