"""When findings are looked for, and when they are told: soon after the last key, and once."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from mmscaffold.lsp.diagnostics import Diagnosis, diagnose, inherits
from mmscaffold.lsp.worker import Urgency

if TYPE_CHECKING:
    from mmscaffold.lsp.connection import ConfigLanguageServer
    from mmscaffold.lsp.documents import Document
    from mmscaffold.lsp.session import Session

RESOLVED_CHANGED = "mmscaffold/resolvedChanged"


class Publisher:
    """Tells the editor what is found in its open documents.

    All of it runs in the thread that talks to the editor; the worker does the looking.
    """

    def __init__(self, server: ConfigLanguageServer) -> None:
        self._server = server
        self.delay = 0.0
        """How long after the last key to look, in seconds."""
        self._waiting: dict[Path, asyncio.TimerHandle] = {}
        # By the document, and the base because of which it is looked at, if that changed.
        self._asked: dict[tuple[Path, Path | None], asyncio.Future[Diagnosis | None]] = {}
        self._told: set[Path] = set()

    def changed(self, path: Path) -> None:
        """Somebody typed in a document: look at it, and at what inherits from it, in a moment."""
        self._cancel(path)
        loop = asyncio.get_running_loop()
        self._waiting[path] = loop.call_later(self.delay, self._look_around, path)

    def opened(self, path: Path) -> None:
        """A document was opened: look at it at once."""
        self._cancel(path)
        self._look(path, only_heirs_of=None)

    def closed(self, document: Document) -> None:
        """A document was closed: what inherits from it sees the file again."""
        self._cancel(document.path)
        if document.path in self._told:
            self._told.discard(document.path)
            self._server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(document.uri, [])
            )
        self._look_at_heirs(document.path)

    def all_changed(self) -> None:
        """Something changed that any document may depend on, such as code or a setting."""
        for path in self._server.documents.snapshot():
            if path not in self._waiting:
                self.opened(path)

    def _cancel(self, path: Path) -> None:
        if timer := self._waiting.pop(path, None):
            timer.cancel()
        if asked := self._asked.pop((path, None), None):
            asked.cancel()

    def _look_around(self, path: Path) -> None:
        self._waiting.pop(path, None)
        self._look(path, only_heirs_of=None)
        self._look_at_heirs(path)

    def _look_at_heirs(self, path: Path) -> None:
        for other in self._server.documents.snapshot():
            # One that waits for the end of typing will be looked at anyway.
            if other != path and other not in self._waiting:
                self._look(other, only_heirs_of=path)

    def _look(self, path: Path, *, only_heirs_of: Path | None) -> None:
        key = path, only_heirs_of
        if before := self._asked.get(key):
            before.cancel()
        future = self._server.ask(Urgency.FINDINGS, partial(_diagnosis, path, only_heirs_of))
        self._asked[key] = future
        future.add_done_callback(partial(self._tell, key))

    def _tell(
        self, key: tuple[Path, Path | None], future: asyncio.Future[Diagnosis | None]
    ) -> None:
        path = key[0]
        if self._asked.get(key) is future:
            del self._asked[key]
        if future.cancelled():
            return
        if (error := future.exception()) is not None:
            self._server.log_failure(f"looking for findings in {path}", error)
            return
        diagnosis = future.result()
        # What was typed meanwhile is being looked at, or will be.
        if diagnosis is None or self._server.documents.get(path) is not diagnosis.document:
            return
        if diagnosis.diagnostics is not None:
            self._publish(diagnosis, diagnosis.diagnostics)
        if diagnosis.has_changed:
            self._server.protocol.notify(RESOLVED_CHANGED, {"uri": diagnosis.document.uri})
            if key[1] is not None:
                # The editor does not know that another file is to blame.
                self._server.refresh()

    def _publish(self, diagnosis: Diagnosis, found: list[types.Diagnostic]) -> None:
        document = diagnosis.document
        if not diagnosis.is_ours and document.path not in self._told:
            # Of other people's files there is nothing to say, not even that they are in order.
            return
        self._told.add(document.path)
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(document.uri, found, document.version)
        )


def _diagnosis(path: Path, only_heirs_of: Path | None, session: Session) -> Diagnosis | None:
    if only_heirs_of is not None and not inherits(session, path, only_heirs_of):
        return None
    return diagnose(session, path)
