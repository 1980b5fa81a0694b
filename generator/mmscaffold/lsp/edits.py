"""Planned contents of files as edits that the editor makes, shows and undoes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types

from mmscaffold.config.errors import ConfigError
from mmscaffold.lsp.documents import Document, uri_of
from mmscaffold.lsp.positions import Text
from mmscaffold.migrate.line_diff import lines_of, opcodes
from mmscaffold.migrate.plan import FilePlan

_BOM = "\ufeff"
_ANNOTATION = "mmscaffold"


@dataclass(frozen=True)
class FileEdit:
    """The edits of one file.

    Attributes:
        uri: The file.
        version: Of the open document that they are for; ``None`` if it is not open.
        edits: The edits, in order.
    """

    uri: str
    version: int | None
    edits: list[types.TextEdit]


def edits_of_plan(
    plans: Iterable[FilePlan], documents: dict[Path, Document], encoding: str
) -> list[FileEdit]:
    """The edits of planned files.

    Args:
        plans: The plans, made over the open documents.
        documents: The open documents that they were made over.
        encoding: In whose units the editor counts columns.

    Raises:
        ConfigError: If an open document is none that a file could hold.
    """
    return [
        edit_of(plan.path, plan.before, plan.after, documents.get(plan.path), encoding)
        for plan in plans
    ]


def edit_of(
    path: Path, before: bytes, after: bytes, document: Document | None, encoding: str
) -> FileEdit:
    """The edits that make one content of a file of another.

    Args:
        path: The file.
        before: What it holds, or what the editor has.
        after: What it shall hold.
        document: The open document, if it is open.
        encoding: In whose units the editor counts columns.

    Raises:
        ConfigError: If either is not UTF-8.
    """
    try:
        old, new = before.decode("utf-8"), after.decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigError("is not UTF-8", where=str(path)) from None
    if document is None:
        # An editor takes away the mark, and writes it again.
        old, new = old.removeprefix(_BOM), new.removeprefix(_BOM)
        return FileEdit(uri_of(path), None, list(_text_edits(Text(old, encoding), new)))
    edits = list(_text_edits(document.text, new))
    return FileEdit(document.uri, document.version, edits)


def _text_edits(old: Text, new: str) -> Iterator[types.TextEdit]:
    """The edits, each as small as it can be, so that cursors and folds stay where they are."""
    before, after = lines_of(old.text), lines_of(new)
    start = 0
    for tag, i1, i2, j1, j2 in opcodes(before, after):
        taken, put = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag != "equal":
            head = _common(taken, put)
            tail = _common(taken[head:][::-1], put[head:][::-1])
            # Between the two characters that end a line there is no place.
            if tail and taken[-tail:].startswith("\n"):
                tail -= 1
            if head and taken[:head].endswith("\r"):
                head -= 1
            where = old.range_at(start + head, start + len(taken) - tail)
            yield types.TextEdit(where, put[head : len(put) - tail])
        start += len(taken)


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


def workspace_edit(
    files: Iterable[FileEdit],
    capabilities: types.ClientCapabilities,
    preview: str | None = None,
) -> types.WorkspaceEdit:
    """Edits of several files as one, in the newest form that the editor understands.

    Args:
        files: The edits.
        capabilities: What the editor can do.
        preview: What the user is asked to confirm after a look at it; ``None`` asks nothing.
    """
    can = capabilities.workspace.workspace_edit if capabilities.workspace else None
    if can is None or not can.document_changes:
        return types.WorkspaceEdit(changes={file.uri: file.edits for file in files})
    annotated = preview is not None and can.change_annotation_support is not None

    def edits(file: FileEdit) -> list[types.TextEdit | types.AnnotatedTextEdit]:
        if not annotated:
            return list(file.edits)
        return [
            types.AnnotatedTextEdit(_ANNOTATION, one.range, one.new_text) for one in file.edits
        ]

    annotation = types.ChangeAnnotation(preview or "", needs_confirmation=True)
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(file.uri, file.version),
                edits(file),
            )
            for file in files
        ],
        change_annotations={_ANNOTATION: annotation} if annotated else None,
    )
