"""Hold signals back while files are being replaced."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

_NAMES = ("SIGTERM", "SIGHUP", "SIGINT")


class Interrupted(BaseException):
    """A signal asked the run to stop; it is delivered once all files are as they were."""


class HeldSignals:
    """A block during which Ctrl-C, SIGTERM and SIGHUP are only noted.

    They are delivered when the block ends, so that a second Ctrl-C cannot stop what puts files
    back after the first. Python runs handlers in the main thread alone: in any other thread
    nothing can interrupt the block, and nothing is held.
    """

    def __init__(self) -> None:
        self._before: dict[int, Any] = {}
        self._received: list[int] = []

    def __enter__(self) -> HeldSignals:
        if threading.current_thread() is threading.main_thread():
            # SIGINT first: from then on nothing is raised in here.
            for number in reversed(_numbers()):
                before = signal.getsignal(number)
                # None: set by foreign code that Python cannot put back.
                if before is not None:
                    self._before[number] = before
                    signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number in _numbers():
            if number in self._before:
                signal.signal(number, self._before[number])
        for number in dict.fromkeys(self._received):
            signal.raise_signal(number)

    def stop_if_asked(self) -> None:
        """Stop here if a signal has come: a point from which everything can be put back.

        Raises:
            Interrupted: If one has.
        """
        if self._received:
            raise Interrupted

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._received.append(number)


def _numbers() -> list[int]:
    # Windows has no SIGHUP.
    return [int(getattr(signal, name)) for name in _NAMES if hasattr(signal, name)]
