"""The documents that are open in the editor: their text stands in for that of the files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from mmscaffold.config.resolve.bases import file_path
from mmscaffold.lsp.positions import Text

Change = types.TextDocumentContentChangePartial | types.TextDocumentContentChangeWholeDocument


@dataclass(frozen=True)
class Document:
    """An open document in one of its versions; a change makes another one.

    Attributes:
        uri: As the editor writes it.
        path: The file, whether or not it exists.
        version: Of the editor.
        text: What the editor shows.
    """

    uri: str
    path: Path
    version: int
    text: Text


def path_of(uri: str) -> Path | None:
    """The file that a URI means; ``None`` for what is none, such as an unsaved new document."""
    if not uri.startswith("file:"):
        return None
    name = to_fs_path(uri)
    if not name or "\0" in name:
        return None
    return file_path(name)


def uri_of(path: Path) -> str:
    """The URI of a file that is not open."""
    return from_fs_path(os.fspath(path)) or path.as_uri()


class Documents:
    """All open documents, by file.

    Only the thread that talks to the editor changes them; others take a ``snapshot``.
    """

    def __init__(self) -> None:
        self.encoding: str = types.PositionEncodingKind.Utf16
        """In whose units the editor counts columns."""
        self._open: dict[Path, Document] = {}

    def snapshot(self) -> dict[Path, Document]:
        """All documents as they are now."""
        return self._open.copy()

    def get(self, path: Path) -> Document | None:
        """The document of a file, if it is open."""
        return self._open.get(path)

    def open(self, item: types.TextDocumentItem) -> Document | None:
        """Take in a document that was opened; ``None`` if it is no file."""
        path = path_of(item.uri)
        if path is None:
            return None
        text = Text(item.text, self.encoding)
        self._open[path] = document = Document(item.uri, path, item.version, text)
        return document

    def change(
        self, identifier: types.VersionedTextDocumentIdentifier, changes: Sequence[Change]
    ) -> Document | None:
        """Apply what was typed; ``None`` if the document is no file, or not open."""
        path = path_of(identifier.uri)
        document = self._open.get(path) if path else None
        if path is None or document is None:
            return None
        text = document.text
        for change in changes:
            text = Text(_changed(text, change), self.encoding)
        self._open[path] = document = replace(document, version=identifier.version, text=text)
        return document

    def close(self, identifier: types.TextDocumentIdentifier) -> Document | None:
        """Forget a document that was closed; ``None`` if it was not open."""
        path = path_of(identifier.uri)
        return self._open.pop(path, None) if path else None


def _changed(text: Text, change: Change) -> str:
    if isinstance(change, types.TextDocumentContentChangeWholeDocument):
        return change.text
    start, end = text.offset_at(change.range.start), text.offset_at(change.range.end)
    return text.text[:start] + change.text + text.text[max(start, end) :]
