"""What the class of the dict takes that is being written."""

from __future__ import annotations

from lsprotocol import types

from mmscaffold.lsp.feature import Feature
from mmscaffold.lsp.reading import read_document
from mmscaffold.lsp.session import Session
from mmscaffold.places.signature import signature_at


def signature_help(
    session: Session, params: types.SignatureHelpParams
) -> types.SignatureHelp | None:
    """The class of the dict around a position, with the parameter there."""
    document = read_document(session, params.text_document.uri)
    if document is None:
        return None
    config, text = document
    found = signature_at(config, text.offset_at(params.position))
    if found is None:
        return None
    parameters = [
        types.ParameterInformation(one.label, _told(one.told)) for one in found.parameters
    ]
    # A number beyond the last one marks none of them.
    active = len(parameters) if found.active is None else found.active
    signature = types.SignatureInformation(
        found.label, _told(found.page.summary), parameters, active
    )
    return types.SignatureHelp([signature], active_signature=0, active_parameter=active)


def _told(text: str) -> types.MarkupContent | None:
    return types.MarkupContent(types.MarkupKind.Markdown, text) if text else None


FEATURE = Feature(
    types.TEXT_DOCUMENT_SIGNATURE_HELP,
    signature_help,
    types.SignatureHelpOptions(trigger_characters=["(", ","], retrigger_characters=["=", " "]),
)
