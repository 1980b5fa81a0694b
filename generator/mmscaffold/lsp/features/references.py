"""Who inherits a base, and who still takes a value from where it is written."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from mmscaffold.config.errors import ConfigError
from mmscaffold.lsp.feature import Feature
from mmscaffold.lsp.reading import config_text, location, read_document
from mmscaffold.lsp.session import Session
from mmscaffold.places.users import base_at, named_in, users_at


def references(session: Session, params: types.ReferenceParams) -> list[types.Location]:
    """Where configs name the base at a position, or the one that they take its value from."""
    document = read_document(session, params.text_document.uri)
    if document is None:
        return []
    config, text = document
    offset = text.offset_at(params.position)
    base = base_at(config, offset)
    if base is not None:
        return heirs_of(session, base)
    found = users_at(
        config,
        offset,
        lambda: session.whole_index.heirs(config.path),
        lambda path: config_text(session, path),
    )
    return [location(session, spot) for spot in found]


def heirs_of(session: Session, base: Path) -> list[types.Location]:
    """Where configs name a file as their base."""
    found = []
    for heir in session.whole_index.direct_heirs(base):
        try:
            spots = list(named_in(config_text(session, heir), base))
        except ConfigError:
            continue
        found += [location(session, spot) for spot in spots]
    return found


FEATURE = Feature(types.TEXT_DOCUMENT_REFERENCES, references)
