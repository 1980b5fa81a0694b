"""The last words of a run that died: its traceback, or that of the system that ended it.

Console output has what the log file lacks, with the prefixes of torchrun (``[rank0]: ``),
Docker and Slurm in front of each line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_START = re.compile(rb"(?:Original )?Traceback \(most recent call last\):")
_FRAME = re.compile(r'File "(?P<file>[^"]{1,4096})", line (?P<line>\d{1,9})')
_EXCEPTION = re.compile(r"(?P<name>[A-Za-z_][\w.]{0,200})(?:: (?P<message>.*)|:)?$", re.DOTALL)
_CHAIN = ("During handling of the above", "The above exception was the direct cause")
# What the operating system or a shell says of a process that it ended.
_KILLED = re.compile(
    rb"(?:^|line \d{1,9}: +\d{1,9} )(?:Killed|Segmentation fault|Bus error)\b"
    rb"|is killed by signal: \w+|Signals\.SIGKILL|exitcode\s{0,9}: -9\b"
    rb"|oom-kill event|task \d{1,9}: Out Of Memory"
)
# Wrappers around the exception of a child, which has been printed before.
_WRAPPERS = ("ChildFailedError", "ProcessRaisedException", "CalledProcessError", "SystemExit")
_MOST_TEXT = 4_000  # characters of a message
_MOST_FRAMES = 2_000


@dataclass(frozen=True)
class Frame:
    """A place in the code that was running.

    Attributes:
        file: The file, as Python printed it.
        line: From 1.
    """

    file: str
    line: int

    @property
    def is_installed(self) -> bool:
        """Whether it lies in an installed package, not in the code of the project."""
        path = self.file.replace("\\", "/")
        return "/site-packages/" in path or "/lib/python" in path or path.startswith("<")

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Crash:
    """What ended a run.

    Attributes:
        line: Where the log says so, from 1.
        exception: Its class, without a module; empty for a run that was killed.
        message: What it says.
        frames: The code that was running, outermost first.
    """

    line: int
    exception: str
    message: str
    frames: tuple[Frame, ...] = ()

    @property
    def headline(self) -> str:
        """The exception with the first line of its message."""
        first = self.message.strip().partition("\n")[0].strip()
        return ": ".join(part for part in (self.exception, first) if part)

    @property
    def own_frame(self) -> Frame | None:
        """The innermost place outside installed packages."""
        return next((one for one in reversed(self.frames) if not one.is_installed), None)

    def runs_in(self, file: str) -> bool:
        """Whether it was raised in a file, named by the end of its path."""
        return bool(self.frames) and self.frames[-1].file.replace("\\", "/").endswith(file)


class CrashReader:
    """Follows the lines of a log, and keeps the last exception that was printed.

    Attributes:
        crash: What was found so far.
        is_open: Whether the last line belonged to a traceback.
    """

    def __init__(self) -> None:
        self.crash: Crash | None = None
        self._prefix = b""
        self._frames: list[Frame] = []
        self._found: tuple[int, str, str] | None = None
        self.is_open = False

    def takes(self, number: int, raw: bytes) -> bool:
        """Read a line.

        Args:
            number: Where it stands, from 1.
            raw: The line.

        Returns:
            Whether it belongs to a traceback.
        """
        if b"Traceback (most recent call last):" in raw:
            start = _START.search(raw)
            assert start is not None
            # "Original Traceback" of a worker process goes on with the prefix that there was.
            if not start[0].startswith(b"Original") or not self.is_open:
                self._close()
                self._prefix = raw[: start.start()]
            self.is_open, self._frames, self._found = True, [], None
            return True
        if not self.is_open:
            return False
        if not self._has_prefix(raw):
            # Another process wrote it.
            if self._prefix.strip():
                return False
            self._close()
            return False
        return self._more(number, raw[len(self._prefix) :])

    def last_words(self, number: int, raw: bytes) -> bool:
        """Read a line that belongs to nothing else: did the system end the run?"""
        if len(raw) > _MOST_TEXT or not _KILLED.search(raw.rstrip()):
            return False
        self._close()
        if self.crash is None or _is_wrapper(self.crash.exception):
            self.crash = Crash(number, "", raw.strip().decode("utf-8", "replace"))
        return True

    def logged(self, number: int, text: str) -> None:
        """Read an exception that the run wrote into its log: a file without tracebacks.

        Args:
            number: The line, from 1.
            text: ``Name: message``.
        """
        self._close()
        exception = _EXCEPTION.match(text)
        if exception is not None:
            message = (exception["message"] or "")[:_MOST_TEXT]
            self.crash = Crash(number, exception["name"], message)

    def goes_on(self) -> None:
        """The training went on: what was printed did not end it."""
        self._close()
        self.crash = None

    def finish(self) -> Crash | None:
        """What ended the run, after its last line."""
        self._close()
        return self.crash

    def so_far(self) -> Crash | None:
        """What would have ended the run, were no line to follow."""
        return self._last() or self.crash

    def _has_prefix(self, raw: bytes) -> bool:
        here = raw[: len(self._prefix)]
        if here == self._prefix or not raw.strip():
            return True
        # Docker and Slurm put the time in front.
        return b":" in here and _shape(here) == _shape(self._prefix) and b"rank" not in here

    def _more(self, number: int, raw: bytes) -> bool:
        text = raw.decode("utf-8", "replace").rstrip("\r\n")
        if self._found is not None:
            return self._more_message(text)
        if not text or text[0].isspace():
            frame = _FRAME.search(text)
            if frame is not None and len(self._frames) < _MOST_FRAMES:
                self._frames.append(Frame(frame["file"], int(frame["line"])))
            return True
        exception = _EXCEPTION.match(text)
        if exception is None:
            self.is_open = False
            return False
        self._found = (number, exception["name"], (exception["message"] or "")[:_MOST_TEXT])
        return True

    def _more_message(self, text: str) -> bool:
        assert self._found is not None
        number, name, message = self._found
        if text.startswith(_CHAIN):
            # What follows is an exception of the same chain, or the traceback of its handler.
            self._close()
            return True
        ends = not text.strip() or len(message) > _MOST_TEXT or _looks_logged(text)
        if ends:
            self._close()
            return not text.strip()
        self._found = (number, name, f"{message}\n{text}")
        return True

    def _close(self) -> None:
        self.crash = self._last() or self.crash
        self._found, self.is_open = None, False

    def _last(self) -> Crash | None:
        """The exception that is being read, unless it only wraps the one before."""
        if self._found is None:
            return None
        number, dotted, message = self._found
        name = dotted.rpartition(".")[2]
        if self.crash is not None and _is_wrapper(name):
            return None
        return Crash(number, name, message, tuple(self._frames))


def _is_wrapper(name: str) -> bool:
    return name in _WRAPPERS


def _looks_logged(text: str) -> bool:
    return re.match(r"\d{2,4}[/-]\d\d", text) is not None or " - mmengine - " in text


def _shape(text: bytes) -> bytes:
    return re.sub(rb"\d+", b"0", text)
