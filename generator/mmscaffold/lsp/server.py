"""The server: what the editor tells, what is asked of the worker, and what comes back."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

import mmscaffold
from mmscaffold.lsp.answering import register_commands, register_feature
from mmscaffold.lsp.documents import Documents, path_of
from mmscaffold.lsp.feature import all_commands, all_features
from mmscaffold.lsp.protocol import Protocol
from mmscaffold.lsp.publishing import Publisher
from mmscaffold.lsp.session import Session
from mmscaffold.lsp.settings import ClientSettings
from mmscaffold.lsp.worker import Urgency, Worker

T = TypeVar("T")

_log = logging.getLogger(__name__)
_WATCHED = "**/*.{py,yaml,yml,json,toml}"


class ConfigLanguageServer(LanguageServer):
    """Answers an editor.

    Everything in here runs in the thread that reads and writes messages, and must return at
    once; whatever takes thought is done by the worker, to which the session belongs.
    """

    def __init__(self) -> None:
        super().__init__(
            "mmscaffold",
            mmscaffold.__version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            protocol_cls=Protocol,
            max_workers=2,
        )
        self.documents = Documents()
        self.publisher = Publisher(self)
        self._session = Session()
        self._worker = Worker()
        self._slow = ThreadPoolExecutor(1, "mmscaffold-slow")

    def ask(self, urgency: Urgency, function: Callable[[Session], T]) -> asyncio.Future[T]:
        """Have the worker do something with the session, as the documents are at its turn."""

        def with_session() -> T:
            self._session.synchronise(self.documents.snapshot())
            return function(self._session)

        return asyncio.wrap_future(self._worker.do(urgency, with_session))

    def take_time(self, function: Callable[[], T]) -> asyncio.Future[T]:
        """Have something done that takes seconds, and does not use the session."""
        return asyncio.wrap_future(self._slow.submit(function))

    def tell(self, urgency: Urgency, function: Callable[[Session], Any]) -> None:
        """Have the worker do something whose result nobody waits for."""

        def done(future: asyncio.Future[Any]) -> None:
            if not future.cancelled() and (error := future.exception()) is not None:
                self.log_failure("working in the background", error)

        self.ask(urgency, function).add_done_callback(done)

    def log_failure(self, what: str, error: BaseException) -> None:
        """Tell the editor's log of a fault of ours, which must not end us."""
        _log.error("%s failed", what, exc_info=error)
        self.window_log_message(
            types.LogMessageParams(
                types.MessageType.Error, f"{what} failed: {type(error).__name__}: {error}"
            )
        )

    def read_workspace(self, added: tuple[Path, ...] = ()) -> None:
        """Read the configs of the workspace, a few at a time, between what is more urgent."""

        def start(session: Session) -> None:
            if session.settings.index:
                folders = added or session.folders
                reading = session.index.read_all(folders, lambda: self._worker.is_wanted)
                self._read_on(reading, loop)

        loop = asyncio.get_running_loop()
        self.tell(Urgency.BACKGROUND, start)

    def _read_on(self, reading: Iterator[int], loop: asyncio.AbstractEventLoop) -> None:
        # Whoever makes way goes on behind what is more urgent.
        for _ in reading:
            if not self._session.index.is_complete:
                self._worker.do(Urgency.BACKGROUND, partial(self._read_on, reading, loop))
                return
        loop.call_soon_threadsafe(self.refresh)

    def refresh(self) -> None:
        """Have the editor ask again for what is shown within documents."""
        workspace = self.client_capabilities.workspace
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)
        if workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support:
            self.workspace_inlay_hint_refresh(None)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log a message that could not be handled; pygls would open a window for each."""
        self.log_failure("handling a message", error)

    def shutdown(self) -> None:
        """End the worker, too."""
        self._worker.end()
        self._slow.shutdown(wait=False, cancel_futures=True)
        super().shutdown()  # type: ignore[no-untyped-call]


def make_server() -> ConfigLanguageServer:
    """A server with all its features, which talks to nobody yet."""
    server = ConfigLanguageServer()
    _register_documents(server)
    _register_workspace(server)
    by_method = sorted(all_features(), key=lambda one: one.method)
    for method, features in groupby(by_method, key=lambda one: one.method):
        register_feature(server, method, list(features))
    register_commands(server, all_commands())
    return server


def serve() -> None:
    """Answer an editor over standard input and output until it says goodbye."""
    output = sys.stdout.buffer
    # Whatever else prints must not get between the messages.
    sys.stdout = sys.stderr
    make_server().start_io(sys.stdin.buffer, output)


def _register_documents(server: ConfigLanguageServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(params: types.DidOpenTextDocumentParams) -> None:
        document = server.documents.open(params.text_document)
        if document is not None:
            server.publisher.opened(document.path)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        document = server.documents.change(params.text_document, params.content_changes)
        if document is not None:
            server.publisher.changed(document.path)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        document = server.documents.close(params.text_document)
        if document is not None:
            server.publisher.closed(document)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None:
            _files_changed(server, [path])


def _register_workspace(server: ConfigLanguageServer) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        encoding = server.workspace.position_encoding
        server.documents.encoding = str(getattr(encoding, "value", encoding) or "utf-16")
        folders = _folders(params)

        def take(session: Session) -> None:
            session.encoding = server.documents.encoding
            session.capabilities = params.capabilities
            session.folders = folders

        server.tell(Urgency.REQUEST, take)
        _take_settings(server, params.initialization_options)

    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        server.read_workspace()
        await _watch_files(server)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        _take_settings(server, params.settings)
        server.publisher.all_changed()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        changed = [path for one in params.changes if (path := path_of(one.uri)) is not None]
        _files_changed(server, changed)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        added = _paths(one.uri for one in params.event.added)
        removed = _paths(one.uri for one in params.event.removed)

        def take(session: Session) -> None:
            kept = tuple(one for one in session.folders if one not in removed)
            session.folders = (*kept, *added)

        server.tell(Urgency.REQUEST, take)
        if added:
            server.read_workspace(added)


def _take_settings(server: ConfigLanguageServer, given: Any) -> None:
    settings = ClientSettings.of(given)
    server.publisher.delay = settings.delay / 1000
    server.tell(Urgency.REQUEST, lambda session: setattr(session, "settings", settings))


def _files_changed(server: ConfigLanguageServer, paths: list[Path]) -> None:
    server.tell(Urgency.REQUEST, lambda session: session.files_changed(paths))
    server.publisher.all_changed()


def _paths(uris: Any) -> tuple[Path, ...]:
    return tuple(path for uri in uris if (path := path_of(uri)) is not None)


def _folders(params: types.InitializeParams) -> tuple[Path, ...]:
    named = [one.uri for one in params.workspace_folders or ()]
    return _paths(named or ([params.root_uri] if params.root_uri else []))


async def _watch_files(server: ConfigLanguageServer) -> None:
    watching = getattr(server.client_capabilities.workspace, "did_change_watched_files", None)
    if watching is None or not watching.dynamic_registration:
        return
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
    await server.client_register_capability_async(
        types.RegistrationParams([types.Registration("mmscaffold-files", method, options)])
    )
