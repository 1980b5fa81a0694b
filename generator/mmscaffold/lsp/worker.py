"""One thread that does all the thinking, the most urgent first.

Resolvers and caches belong to it alone, so nothing needs a lock; the thread that talks to the
editor never waits for it, and what was cancelled before its turn is never done.
"""

from __future__ import annotations

import enum
import itertools
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Urgency(enum.IntEnum):
    """What comes first."""

    REQUEST = 0
    """Somebody is waiting for the answer."""
    FINDINGS = 1
    """Of a document that is being typed in."""
    BACKGROUND = 2
    """The index of the workspace."""
    END = 3


class Worker:
    """The thread, and what it has yet to do."""

    def __init__(self) -> None:
        self._tasks: queue.PriorityQueue[tuple[int, int, Callable[[], None]]] = (
            queue.PriorityQueue()
        )
        self._numbers = itertools.count()
        self._has_ended = False
        self._thread = threading.Thread(target=self._work, name="mmscaffold", daemon=True)
        self._thread.start()

    def do(self, urgency: Urgency, function: Callable[[], T]) -> Future[T]:
        """Have something done; within one urgency, in the order of the calls."""
        future: Future[T] = Future()

        def task() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = function()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        self._tasks.put((urgency, next(self._numbers), task))
        return future

    @property
    def is_wanted(self) -> bool:
        """Whether anything waits: what is done in the background should make way."""
        return not self._tasks.empty()

    def end(self) -> None:
        """End after what is being done now; the rest is dropped."""
        self._has_ended = True
        self._tasks.put((Urgency.REQUEST, -1, _nothing))

    def _work(self) -> None:
        while not self._has_ended:
            task: Any = self._tasks.get()[2]
            try:
                task()
            except Exception:
                # What is told of a finished task to others may fail, but must not end us.
                _log.exception("a task could not be finished")


def _nothing() -> None:
    """Wake the thread."""
