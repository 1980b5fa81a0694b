"""Above a config: how many inherit it, and what it trains."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from mmscaffold.lsp.feature import Feature
from mmscaffold.lsp.reading import read_document
from mmscaffold.lsp.session import Session
from mmscaffold.places.config_text import ConfigText
from mmscaffold.report.summary import summary_of


def code_lens(session: Session, params: types.CodeLensParams) -> list[types.CodeLens]:
    """The lines above the first statement; none where the user wants none."""
    document = None
    if session.settings.code_lens:
        document = read_document(session, params.text_document.uri)
    if document is None:
        return []
    config, text = document
    first = config.outline.statements[0].start if config.outline.statements else 0
    place = text.range_at(first, first)
    titles = [*_heirs(session, config), *_summary(config)]
    # An empty command: there is nothing to click.
    return [types.CodeLens(place, types.Command(title, "")) for title in titles]


def _heirs(session: Session, config: ConfigText) -> Iterator[str]:
    count = len(session.index.heirs(config.path))
    if count:
        yield f"inherited by {count} config{'' if count == 1 else 's'}"


def _summary(config: ConfigText) -> Iterator[str]:
    if config.config is None:
        return
    summary = summary_of(config.config.root)
    said = []
    if summary.length:
        said.append(f"trains {summary.length}")
    if summary.rate:
        said.append(f"lr {summary.rate}")
    if summary.batch:
        said.append(f"batch size {summary.batch}")
    if said:
        yield ", ".join(said)


FEATURE = Feature(types.TEXT_DOCUMENT_CODE_LENS, code_lens, types.CodeLensOptions())
