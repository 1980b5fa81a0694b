"""The server: what the editor tells, what is asked of the worker, and what comes back."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcInternalError
from pygls.lsp.server import LanguageServer

import mmscaffold
from mmscaffold.errors import MmscaffoldError
from mmscaffold.lsp.documents import Documents, path_of
from mmscaffold.lsp.feature import Command, Feature, all_commands, all_features
from mmscaffold.lsp.protocol import Protocol
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
        self._session = Session()
        self._worker = Worker()

    def ask(self, urgency: Urgency, function: Callable[[Session], T]) -> asyncio.Future[T]:
        """Have the worker do something with the session, as the documents are at its turn."""

        def with_session() -> T:
            self._session.synchronise(self.documents.snapshot())
            return function(self._session)

        return asyncio.wrap_future(self._worker.do(urgency, with_session))

    def tell(self, urgency: Urgency, function: Callable[[Session], Any]) -> None:
        """Have the worker do something whose result nobody waits for."""
        self.ask(urgency, function).add_done_callback(_log_failure)

    def shutdown(self) -> None:
        """End the worker, too."""
        self._worker.end()
        super().shutdown()  # type: ignore[no-untyped-call]


def _log_failure(future: asyncio.Future[Any]) -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        _log.error("failed in the background", exc_info=error)


def make_server() -> ConfigLanguageServer:
    """A server with all its features, which talks to nobody yet."""
    server = ConfigLanguageServer()
    _register_documents(server)
    _register_workspace(server)
    by_method = sorted(all_features(), key=lambda one: one.method)
    for method, features in groupby(by_method, key=lambda one: one.method):
        _register_feature(server, method, list(features))
    for command in all_commands():
        _register_command(server, command)
    return server


def serve() -> None:
    """Answer an editor over standard input and output until it says goodbye."""
    output = sys.stdout.buffer
    # Whatever else prints must not get between the messages.
    sys.stdout = sys.stderr
    make_server().start_io(sys.stdin.buffer, output)


def _register_feature(server: ConfigLanguageServer, method: str, features: list[Feature]) -> None:
    options = next((one.options for one in features if one.options is not None), None)

    @server.feature(method, options)
    async def answer(params: Any) -> Any:
        return await _answered(server, method, partial(_join, features, params))


def _join(features: list[Feature], params: Any, session: Session) -> Any:
    """What some features answer; their lists are joined."""
    answers = []
    for feature in features:
        try:
            answers.append(feature.answer(session, params))
        except MmscaffoldError:
            continue
    given = [one for one in answers if one is not None]
    if len(features) == 1:
        return given[0] if given else None
    return [item for one in given for item in one]


def _register_command(server: ConfigLanguageServer, command: Command) -> None:
    @server.command(command.name)
    async def run(*arguments: Any) -> Any:
        return await _answered(
            server, command.name, lambda session: command.run(session, list(arguments))
        )


async def _answered(
    server: ConfigLanguageServer, what: str, function: Callable[[Session], Any]
) -> Any:
    try:
        return await server.ask(Urgency.REQUEST, function)
    except MmscaffoldError as error:
        raise JsonRpcInternalError(str(error)) from None
    except Exception as error:
        _log.exception("%s failed", what)
        raise JsonRpcInternalError(f"{what} failed: {type(error).__name__}: {error}") from None


def _register_documents(server: ConfigLanguageServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.documents.open(params.text_document)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        server.documents.change(params.text_document, params.content_changes)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.documents.close(params.text_document)


def _register_workspace(server: ConfigLanguageServer) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        encoding = server.workspace.position_encoding
        server.documents.encoding = encoding or types.PositionEncodingKind.Utf16
        folders = _folders(params)
        settings = ClientSettings.of(params.initialization_options)

        def take(session: Session) -> None:
            session.encoding = server.documents.encoding
            session.folders, session.settings = folders, settings

        server.tell(Urgency.REQUEST, take)

    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        server.tell(Urgency.BACKGROUND, partial(_index, server))
        await _watch_files(server)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        settings = ClientSettings.of(params.settings)
        server.tell(Urgency.REQUEST, lambda session: setattr(session, "settings", settings))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        paths = [path for one in params.changes if (path := path_of(one.uri)) is not None]
        server.tell(Urgency.FINDINGS, lambda session: session.files_changed(paths))


def _folders(params: types.InitializeParams) -> tuple[Path, ...]:
    named = [one.uri for one in params.workspace_folders or ()]
    uris = named or ([params.root_uri] if params.root_uri else [])
    return tuple(path for uri in uris if (path := path_of(uri)) is not None)


def _index(server: ConfigLanguageServer, session: Session) -> None:
    """Read the configs of the workspace, between what is more urgent."""
    if not session.settings.index:
        return
    reading = session.index.read_all(session.folders, lambda: server._worker.is_wanted)
    _index_on(server, reading, session)


def _index_on(server: ConfigLanguageServer, reading: Any, session: Session) -> None:
    for _ in reading:
        if not session.index.is_complete:
            server._worker.do(Urgency.BACKGROUND, partial(_index_on, server, reading, session))
            return


async def _watch_files(server: ConfigLanguageServer) -> None:
    watching = getattr(server.client_capabilities.workspace, "did_change_watched_files", None)
    if watching is None or not watching.dynamic_registration:
        return
    options = types.DidChangeWatchedFilesRegistrationOptions(
        [types.FileSystemWatcher(glob_pattern=_WATCHED)]
    )
    await server.client_register_capability_async(
        types.RegistrationParams(
            [
                types.Registration(
                    "mmscaffold-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options
                )
            ]
        )
    )
