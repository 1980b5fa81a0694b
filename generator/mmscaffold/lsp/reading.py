"""A document as the answers read it, and what they answer as the protocol has it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.lsp.positions import Text
from mmscaffold.lsp.session import Session
from mmscaffold.places.config_text import ConfigText
from mmscaffold.places.spots import Spot

_MOST_HEIRS = 5


def config_text(session: Session, path: Path) -> ConfigText:
    """A config as the editor has it.

    Raises:
        ConfigError: If it cannot be read.
    """
    text = session.text(path).text
    config = session.latest(path)
    return ConfigText(
        path, text, session.known_code, session.resolve, config, lambda: _some_heirs(session, path)
    )


def _some_heirs(session: Session, path: Path) -> Iterator[ResolvedConfig]:
    """A few of those that inherit from a config, as far as the index knows by now."""
    for heir in session.index.heirs(path)[:_MOST_HEIRS]:
        with contextlib.suppress(ConfigError):
            yield session.resolve(heir)


def read_document(session: Session, uri: str) -> tuple[ConfigText, Text] | None:
    """The config that a URI means, with its positions; ``None`` for what is no config."""
    path = session.config_path(uri)
    if path is None:
        return None
    try:
        return config_text(session, path), session.text(path)
    except ConfigError:
        return None


def location(session: Session, spot: Spot) -> types.Location:
    """A stretch of a file, as the protocol has it; of one that cannot be read, its beginning."""
    start = types.Position(0, 0)
    found = types.Range(start, start)
    if spot.span.end:
        with contextlib.suppress(ConfigError):
            found = session.text(spot.path).range_of_span(spot.span)
    return types.Location(session.uri(spot.path), found)
