"""What could be written: parameters, keys of the base, classes that fit, bases."""

from __future__ import annotations

from lsprotocol import types

from mmscaffold.lsp.feature import Feature
from mmscaffold.lsp.positions import Text
from mmscaffold.lsp.reading import read_document
from mmscaffold.lsp.session import Session
from mmscaffold.places.completed_values import import_offset
from mmscaffold.places.completion import suggestions_at
from mmscaffold.places.suggestion import Kind, Suggestion

_TRIGGERS = ("'", '"', ".", "/", "(", ",")
_KINDS = {
    Kind.PARAMETER: types.CompletionItemKind.Field,
    Kind.KEY: types.CompletionItemKind.Property,
    Kind.RUNNER_KEY: types.CompletionItemKind.Property,
    Kind.MARKER: types.CompletionItemKind.Keyword,
    Kind.CLASS: types.CompletionItemKind.Class,
    Kind.FILE: types.CompletionItemKind.File,
    Kind.FOLDER: types.CompletionItemKind.Folder,
    Kind.NAME: types.CompletionItemKind.Variable,
}


def completion(session: Session, params: types.CompletionParams) -> types.CompletionList:
    """What could be written at a position, the likeliest first."""
    document = read_document(session, params.text_document.uri)
    if document is None:
        return types.CompletionList(is_incomplete=False, items=[])
    config, text = document
    found = suggestions_at(config, text.offset_at(params.position))
    ranges: dict[tuple[int, int], types.Range] = {}
    items = [_item(one, text, ranges, params.position) for one in found]
    if any(one.statement for one in found):
        place = text.position_at(import_offset(config))
        for item, one in zip(items, found, strict=True):
            if one.statement:
                new = f"{one.statement}{text.newline}"
                edit = types.TextEdit(types.Range(place, place), new)
                item.additional_text_edits = [edit]
    return types.CompletionList(is_incomplete=False, items=items)


def _item(
    one: Suggestion,
    text: Text,
    ranges: dict[tuple[int, int], types.Range],
    position: types.Position,
) -> types.CompletionItem:
    span = (one.start, one.end)
    told = types.MarkupContent(types.MarkupKind.Markdown, one.told) if one.told else None
    if span not in ranges:
        found = text.range_at(*span)
        # What is replaced must lie on the line that is written in.
        whole = found.start.line == position.line == found.end.line
        ranges[span] = found if whole else types.Range(position, position)
    return types.CompletionItem(
        one.label,
        kind=_KINDS[one.kind],
        label_details=types.CompletionItemLabelDetails(description=one.detail or None),
        detail=one.detail or None,
        documentation=told,
        sort_text=f"{one.rank}{one.label}",
        filter_text=one.label,
        text_edit=types.TextEdit(ranges[span], one.text),
    )


FEATURE = Feature(
    types.TEXT_DOCUMENT_COMPLETION,
    completion,
    types.CompletionOptions(trigger_characters=list(_TRIGGERS)),
)
