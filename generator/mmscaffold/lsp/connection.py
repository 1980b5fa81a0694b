"""The connection to an editor, and the worker behind it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

import mmscaffold
from mmscaffold.lsp.documents import Documents
from mmscaffold.lsp.forks import forks_in, read_ahead
from mmscaffold.lsp.protocol import Protocol
from mmscaffold.lsp.session import Session
from mmscaffold.lsp.worker import Urgency, Worker

T = TypeVar("T")

REQUEST_FAILED = types.LSPErrorCodes.RequestFailed.value
"""The code of an error that the editor tells the user: nothing is wrong with us."""

_log = logging.getLogger(__name__)


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
        self.heard_goodbye = False
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
                loop.call_soon_threadsafe(self.read_forks, forks_in(folders))
                reading = session.index.read_all(folders, lambda: self._worker.is_wanted)
                self._read_on(reading, loop)

        loop = asyncio.get_running_loop()
        self.tell(Urgency.BACKGROUND, start)

    def _read_on(self, reading: Iterator[int], loop: asyncio.AbstractEventLoop) -> None:
        try:
            for _ in reading:
                if not self._session.index.is_complete:
                    # Whoever makes way goes on behind what is more urgent.
                    self._worker.do(Urgency.BACKGROUND, partial(self._read_on, reading, loop))
                    return
        except Exception as error:
            loop.call_soon_threadsafe(self.log_failure, "reading the workspace", error)
            return
        loop.call_soon_threadsafe(self.refresh)

    def read_forks(self, forks: list[Path], then: Callable[[], None] | None = None) -> None:
        """Have packages of the family read ahead.

        Args:
            forks: Their folders.
            then: What to do when they are read.
        """

        def done(future: asyncio.Future[None]) -> None:
            if not future.cancelled() and (error := future.exception()) is not None:
                self.log_failure("reading a package", error)
            if then is not None and not future.cancelled():
                then()

        if forks:
            self.take_time(partial(read_ahead, forks)).add_done_callback(done)

    def refresh(self) -> None:
        """Have the editor ask again for what is shown within documents."""
        workspace = self.client_capabilities.workspace
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)
        if workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support:
            self.workspace_inlay_hint_refresh(None)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log a message that could not be handled; pygls would open a window for each."""
        if getattr(error, "code", None) != REQUEST_FAILED:
            self.log_failure("handling a message", error)

    def shutdown(self) -> None:
        """End the worker, too."""
        self._worker.end()
        self._slow.shutdown(wait=False, cancel_futures=True)
        super().shutdown()  # type: ignore[no-untyped-call]
