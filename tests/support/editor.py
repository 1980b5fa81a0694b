"""An editor as a test drives it: a client of ``mmscaffold lsp``, over stdio, with documents."""

from __future__ import annotations

import ast
import asyncio
import itertools
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from mmscaffold.lsp.documents import path_of
from mmscaffold.lsp.positions import Text
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

SECONDS = 30.0
"""For any answer: far more than it takes, on a machine that is busy."""


class Editor(LanguageClient):
    """Opens documents, types, and waits for what the server says.

    Attributes:
        texts: The text of each open document, by URI.
        published: Each ``publishDiagnostics``, in order.
        edits: The edits that the server asked for; each is made.
        resolved_changed: The URI of each ``mmscaffold/resolvedChanged``.
        questions: The questions that the server asked.
        answer: The title of the answer to the next question; none is given by default.
    """

    def __init__(self) -> None:
        super().__init__(converter_factory=default_converter)
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.published: list[types.PublishDiagnosticsParams] = []
        self.edits: list[types.ApplyWorkspaceEditParams] = []
        self.resolved_changed: list[str] = []
        self.questions: list[types.ShowMessageRequestParams] = []
        self.answer: str | None = None
        self.encoding = "utf-16"
        self._versions = itertools.count(1)
        self._news = asyncio.Event()

    async def start(self, root: Path | None, client: str = "neovim", **options: Any) -> Any:
        """Say hello, as some editor does.

        Args:
            root: The folder of the workspace.
            client: Whose capabilities to have: neovim, visual-studio-code or emacs.
            options: ``encodings``: of positions; ``experimental``; ``settings``.
        """
        capabilities = client_capabilities(client)
        if "encodings" in options:
            general = capabilities.general or types.GeneralClientCapabilities()
            general.position_encodings = options["encodings"]
            capabilities.general = general
        if "experimental" in options:
            capabilities.experimental = options["experimental"]
        result = await self.initialize_session(
            types.InitializeParams(
                capabilities,
                workspace_folders=[types.WorkspaceFolder(root.as_uri(), root.name)]
                if root
                else None,
                initialization_options=options.get("settings"),
            )
        )
        encoding = result.capabilities.position_encoding or types.PositionEncodingKind.Utf16
        self.encoding = getattr(encoding, "value", encoding)
        return result

    def open(self, path: Path, text: str | None = None, language: str = "python") -> str:
        """Open a document, with the text of its file if none is given."""
        uri = path.as_uri()
        if text is None:
            # The bytes as they are: an editor knows of line endings, and hides a BOM.
            text = path.read_bytes().decode("utf-8-sig")
        # No version comes twice: what is still on its way of an earlier document is none of it.
        self.texts[uri], self.versions[uri] = text, next(self._versions)
        item = types.TextDocumentItem(uri, language, self.versions[uri], text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def close(self, uri: str) -> None:
        """Close a document without saving it."""
        del self.texts[uri]
        identifier = types.TextDocumentIdentifier(uri)
        self.text_document_did_close(types.DidCloseTextDocumentParams(identifier))

    def position(self, uri: str, word: str, *, behind: bool = False) -> types.Position:
        """Where a word first stands in a document, in the editor's units."""
        offset = self.texts[uri].index(word) + (len(word) if behind else 0)
        return Text(self.texts[uri], self.encoding).position_at(offset)

    def replace(self, uri: str, old: str, new: str) -> None:
        """Type over the first such words: the server gets only what changed."""
        text = Text(self.texts[uri], self.encoding)
        start = text.text.index(old)
        self.change(uri, [(text.range_at(start, start + len(old)), new)])

    def change(self, uri: str, changes: Sequence[tuple[types.Range, str]]) -> None:
        """Send changes, one after the other."""
        sent = []
        for where, new in changes:
            text = Text(self.texts[uri], self.encoding)
            start, end = text.offset_at(where.start), text.offset_at(where.end)
            self.texts[uri] = text.text[:start] + new + text.text[end:]
            sent.append(types.TextDocumentContentChangePartial(where, new))
        self.versions[uri] = next(self._versions)
        identifier = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        self.text_document_did_change(types.DidChangeTextDocumentParams(identifier, sent))

    async def findings(self, uri: str) -> Sequence[types.Diagnostic]:
        """What is shown in a document, once the server has said so of its present version."""

        def found() -> types.PublishDiagnosticsParams | None:
            version = self.versions[uri]
            told = [p for p in self.published if (p.uri, p.version) == (uri, version)]
            return told[-1] if told else None

        await self.until(lambda: found() is not None)
        shown = found()
        return shown.diagnostics if shown else []

    async def until(self, condition: Any) -> None:
        """Wait for something that a message of the server brings about."""

        async def wait() -> None:
            while not condition():
                self._news.clear()
                await self._news.wait()

        await asyncio.wait_for(wait(), SECONDS)

    async def ask(self, method: str, params: Any) -> Any:
        """Send a request of any method."""
        return await asyncio.wait_for(self.protocol.send_request_async(method, params), SECONDS)

    async def actions(self, uri: str, where: types.Range, **context: Any) -> list[dict[str, Any]]:
        """The code actions of a range, as they come: pygls takes some of them for commands."""
        shown = [p for p in self.published if p.uri == uri]
        found = list(shown[-1].diagnostics) if shown else []
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(uri), where, types.CodeActionContext(found, **context)
        )
        answer = await self.ask(types.TEXT_DOCUMENT_CODE_ACTION, params)
        return [_plain(one) for one in answer or ()]

    def apply(self, edit: types.WorkspaceEdit) -> None:
        """Make a workspace edit in the open documents, as an editor does."""
        by_uri = dict(edit.changes or {})
        for one in edit.document_changes or ():
            assert isinstance(one, types.TextDocumentEdit)
            uri = one.text_document.uri
            if one.text_document.version is not None:
                assert one.text_document.version == self.versions[uri]
            by_uri[uri] = list(one.edits)
        for uri, edits in by_uri.items():
            if uri not in self.texts:
                path = path_of(uri)
                assert path is not None
                self.open(path)
            ordered = sorted(edits, key=lambda one: one.range.start, reverse=True)
            self.change(uri, [(one.range, one.new_text) for one in ordered])

    def tell(self) -> None:
        """Something came from the server."""
        self._news.set()


def _plain(value: types.CodeAction | types.Command) -> dict[str, Any]:
    if isinstance(value, types.Command):
        # An action with a command: what pygls makes of it has lost the rest.
        return {"title": value.title, "command": ast.literal_eval(value.command)}
    plain: dict[str, Any] = default_converter().unstructure(value)
    return plain


def make_editor() -> Editor:
    """An editor that talks to nobody yet."""
    editor = Editor()
    register_lsp_features(
        editor, {m: f for m, f in DEFAULT_CLIENT_FEATURES.items() if m not in _OWN}
    )
    for method, function in _OWN.items():
        editor.feature(method)(function)
    return editor


def _published(editor: Editor, params: types.PublishDiagnosticsParams) -> None:
    editor.published.append(params)
    editor.diagnostics[params.uri] = params.diagnostics
    editor.tell()


def _message(editor: Editor, params: types.ShowMessageParams) -> None:
    editor.messages.append(params)
    editor.tell()


def _apply(
    editor: Editor, params: types.ApplyWorkspaceEditParams
) -> types.ApplyWorkspaceEditResult:
    editor.edits.append(params)
    editor.apply(params.edit)
    editor.tell()
    return types.ApplyWorkspaceEditResult(True)


def _question(
    editor: Editor, params: types.ShowMessageRequestParams
) -> types.MessageActionItem | None:
    editor.questions.append(params)
    return next((one for one in params.actions or () if one.title == editor.answer), None)


def _resolved_changed(editor: Editor, params: Any) -> None:
    editor.resolved_changed.append(params.uri)
    editor.tell()


def _register(editor: Editor, params: types.RegistrationParams) -> None:
    """Watching files is the editor's business; tests say themselves what changed."""


def _refresh(editor: Editor, params: Any) -> None:
    editor.tell()


_OWN = {
    types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: _published,
    types.WINDOW_SHOW_MESSAGE: _message,
    types.WORKSPACE_APPLY_EDIT: _apply,
    types.WINDOW_SHOW_MESSAGE_REQUEST: _question,
    "mmscaffold/resolvedChanged": _resolved_changed,
    types.CLIENT_REGISTER_CAPABILITY: _register,
    types.WORKSPACE_CODE_LENS_REFRESH: _refresh,
    types.WORKSPACE_INLAY_HINT_REFRESH: _refresh,
}

CONFIG = ClientServerConfig(
    server_command=[sys.executable, "-m", "mmscaffold", "lsp"], client_factory=make_editor
)
"""For ``pytest_lsp.fixture``."""
