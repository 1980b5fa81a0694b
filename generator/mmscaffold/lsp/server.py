"""The server: what the editor tells, and who hears of it."""

from __future__ import annotations

import logging
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

from lsprotocol import types

from mmscaffold.lsp.answering import register_commands, register_feature
from mmscaffold.lsp.connection import ConfigLanguageServer
from mmscaffold.lsp.documents import path_of
from mmscaffold.lsp.feature import all_commands, all_features
from mmscaffold.lsp.forks import forks_around
from mmscaffold.lsp.publishing import Publisher
from mmscaffold.lsp.session import Session
from mmscaffold.lsp.settings import ClientSettings
from mmscaffold.lsp.worker import Urgency

_WATCHED = "**/*.{py,yaml,yml,json,toml}"


def make_server() -> ConfigLanguageServer:
    """A server with all its features, which talks to nobody yet."""
    server = ConfigLanguageServer()
    publisher = Publisher(server)
    _register_documents(server, publisher)
    _register_workspace(server, publisher)
    by_method = sorted(all_features(), key=lambda one: one.method)
    for method, features in groupby(by_method, key=lambda one: one.method):
        register_feature(server, method, list(features))
    register_commands(server, all_commands())
    return server


def serve() -> bool:
    """Answer an editor over standard input and output until it ends.

    Returns:
        Whether it said goodbye before, as the protocol asks it to.
    """
    output = sys.stdout.buffer
    # Whatever else prints must not get between the messages.
    sys.stdout = sys.stderr
    # What it logs of messages, the editor is told; a traceback for each refusal helps no one.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    server = make_server()
    server.start_io(sys.stdin.buffer, output)
    return server.heard_goodbye


def _register_documents(server: ConfigLanguageServer, publisher: Publisher) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(params: types.DidOpenTextDocumentParams) -> None:
        document = server.documents.open(params.text_document)
        if document is not None:
            publisher.opened(document.path)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        document = server.documents.change(params.text_document, params.content_changes)
        if document is not None:
            publisher.changed(document.path)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        document = server.documents.close(params.text_document)
        if document is not None:
            publisher.closed(document)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None:
            _files_changed(server, publisher, [path])


def _register_workspace(server: ConfigLanguageServer, publisher: Publisher) -> None:
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
        _take_settings(server, publisher, params.initialization_options)

    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        server.read_workspace()
        await _watch_files(server)

    @server.feature(types.SHUTDOWN)
    def shutdown(*_: Any) -> None:
        server.heard_goodbye = True

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        _take_settings(server, publisher, params.settings)
        publisher.all_changed()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        changed = [path for one in params.changes if (path := path_of(one.uri)) is not None]
        _files_changed(server, publisher, changed)

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


def _take_settings(server: ConfigLanguageServer, publisher: Publisher, given: Any) -> None:
    settings = ClientSettings.of(given)
    publisher.delay = settings.delay / 1000
    server.tell(Urgency.REQUEST, lambda session: setattr(session, "settings", settings))


def _files_changed(server: ConfigLanguageServer, publisher: Publisher, paths: list[Path]) -> None:
    def take() -> None:
        server.tell(Urgency.REQUEST, lambda session: session.files_changed(paths))
        publisher.all_changed()

    forks = forks_around(paths)
    if forks:
        server.read_forks(forks, take)
    else:
        take()


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
