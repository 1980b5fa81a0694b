"""A training that still runs: what its log shows, as soon as it shows it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from mmscaffold.diagnose.diagnosis import (
    Diagnosis,
    Ending,
    RunDiagnosis,
    diagnose_run,
    story_before,
)
from mmscaffold.diagnose.growing import GrowingFile
from mmscaffold.diagnose.history import Run, Scalars, UnreadLines
from mmscaffold.diagnose.inputs import (
    is_json,
    logs_of,
    refuse_other_files,
    scalars_beside,
)
from mmscaffold.diagnose.ranking import LikelyCause
from mmscaffold.diagnose.run_config import RunConfig, run_config
from mmscaffold.diagnose.scalars import add_scalars
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import SeenSymptom
from mmscaffold.diagnose.text_log import TextLog
from mmscaffold.errors import MmscaffoldError

PAUSE = b""
"""What ``TextLog.reading`` is given where no more is there yet."""


@dataclass(frozen=True)
class News:
    """What was not seen before.

    Attributes:
        run: The run that shows it.
        seen: Its new symptoms.
        causes: Those that are likely now, and were not before.
        ending: What it died of.
        begins: Whether nothing was said of this run before.
    """

    run: RunDiagnosis
    seen: list[SeenSymptom]
    causes: list[LikelyCause]
    ending: Ending | None = None
    begins: bool = False

    @property
    def is_ill(self) -> bool:
        """Whether it is more than a note."""
        died = self.ending is not None and self.run.is_ill
        return died or any(not one.symptom.is_note for one in self.seen)


@dataclass
class _Told:
    """What was said of one run."""

    symptoms: set[str] = field(default_factory=set)
    causes: set[str] = field(default_factory=set)
    crash: int | None = None
    run: bool = False


class _Log:
    """One log, read as it grows, with its scalars.

    Args:
        path: The log.
        unread: Where to count what is not understood.
    """

    def __init__(self, path: Path, unread: UnreadLines) -> None:
        self.file = GrowingFile(path, unread)
        self._unread = unread
        self._text = TextLog(path, unread)
        self._lines: list[bytes] = []
        self._reading = self._text.reading(self._queue())
        self._scalars: tuple[GrowingFile, Scalars] | None = None
        self._configs: dict[int, tuple[bool, RunConfig | None]] = {}

    def _queue(self) -> Iterator[bytes]:
        while True:
            yield from self._lines
            self._lines = []
            yield PAUSE

    def read(self) -> bool:
        """Read what is new; whether anything is."""
        is_new = False
        for number, line in self.file.new_lines():
            if number == 1:
                self._refuse_what_is_no_log()
            self._lines.append(line)
            if len(self._lines) == 10_000:
                next(self._reading)
            is_new = True
        if is_new:
            next(self._reading)
        return self._read_scalars() or is_new

    def _refuse_what_is_no_log(self) -> None:
        path, start = self.file.path, self.file.start
        refuse_other_files(path, start)
        if is_json(start):
            # Lines of JSON look like no line of a log: they would be passed over without end.
            raise MmscaffoldError(
                "is JSON; only a text log can be followed",
                where=str(path),
                hint="Give the .log file of the same start, or the work folder.",
            )

    def _read_scalars(self) -> bool:
        path = scalars_beside(self.file.path)
        if path is None:
            return False
        try:
            if self._scalars is None or self._scalars[0].path != path:
                self._scalars = (GrowingFile(path, self._unread), Scalars(path))
        except MmscaffoldError:
            # Gone again; the log says most without it.
            return False
        file, scalars = self._scalars
        if not file.goes_on():
            self._scalars = None
            return self._read_scalars()
        before = len(scalars.line)
        for number, line in file.new_lines():
            add_scalars(scalars, number, line, self._unread)
        return len(scalars.line) > before

    def runs(self) -> list[Run]:
        """The runs as far as they were read; the last one goes on."""
        runs = self._text.runs
        if runs:
            scalars = self._scalars[1] if self._scalars is not None and len(runs) == 1 else None
            runs[-1] = replace(runs[-1], crash=self._text.crash, scalars=scalars)
        return runs

    def config(self, number: int, run: Run) -> tuple[RunConfig | None, str | None]:
        """The config of a run; read once, and once more if the log comes to hold it."""
        in_log = run.config_text is not None
        known = self._configs.get(number)
        if known is not None and known[0] is in_log and (in_log or known[1] is not None):
            return known[1], None
        config, problem = run_config(run)
        self._configs[number] = (in_log, config)
        return config, problem

    def close(self) -> None:
        """Read no more of it."""
        self.file.close()
        if self._scalars is not None:
            self._scalars[0].close()


class _Target:
    """Which log to follow: the one that was named, or the one that is written to in a folder.

    Args:
        path: A log or a work folder; it need not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        # What is there and does not change is of trainings that are over.
        self._before = {log: _state(log) for log in logs_of(path)} if path.is_dir() else {}

    def log(self, current: Path | None) -> Path | None:
        """The log to follow now; ``None`` if there is none yet."""
        if not self._path.is_dir():
            # An empty file is one that will be written to.
            return self._path if self._path.exists() else None
        for log in reversed(logs_of(self._path)):
            if log == current:
                return log
            if self._before.get(log) != _state(log) and (current is None or _trains(log)):
                return log
        return current

    def folders(self, current: Path | None) -> set[Path]:
        """Where something may happen that matters: folders that exist."""
        found = {self._path if self._path.is_dir() else self._path.absolute().parent}
        if current is not None:
            found.add(current.absolute().parent)
        elif self._path.is_dir():
            found |= {log.parent for log in logs_of(self._path)}
        return {next(one for one in (path, *path.parents) if one.is_dir()) for path in found}


def _state(log: Path) -> tuple[int, int]:
    try:
        status = log.stat()
    except OSError:
        return (0, 0)
    return (status.st_size, status.st_mtime_ns)


def _trains(log: Path) -> bool:
    """Whether a log is of a training: a test may write one beside that of a training."""
    try:
        with log.open("rb") as file:
            return any(b"(train)" in line for line in file)
    except OSError:
        return False


class Follower:
    """Follows the log of a training, through all that becomes of it.

    Args:
        target: The log, or a work folder: the log that is written to in it. It need not be there
            yet.
        busy: The share of time to spend on a log that grows without end; each look at all of it
            waits until that is kept.
        settle: Seconds without a new line after which a traceback is taken for the end of a run:
            some are printed by a training that goes on.
    """

    def __init__(self, target: Path, *, busy: float = 0.1, settle: float = 2.0) -> None:
        self._target = _Target(target)
        self._busy = busy
        self._settle = settle
        self._unread = UnreadLines()
        self._log: _Log | None = None
        self._over: list[RunDiagnosis] = []
        self._first = 0  # how many of these are of logs before
        self._last: RunDiagnosis | None = None
        self._told: dict[int, _Told] = {}
        self._problems: dict[str, None] = {}
        self._known: RunConfig | None = None
        self._is_new = False
        self._grew = 0.0
        self._next = 0.0

    @property
    def log(self) -> Path | None:
        """The log that is followed; ``None`` as long as there is none."""
        return None if self._log is None else self._log.file.path

    def folders(self) -> set[Path]:
        """Where something may happen that matters: folders that exist."""
        return self._target.folders(self.log)

    def update(self) -> list[News]:
        """Read what is new, and tell what was not told before.

        Raises:
            MmscaffoldError: If the log is no log, or cannot be read.
        """
        news: list[News] = []
        path = self._target.log(self.log)
        if self._log is not None and path is not None:
            self._read()
            if path != self._log.file.path or not self._log.file.goes_on():
                news += self._examine(ended=True)
                self._log.close()
                self._log = None
        if self._log is None and path is not None:
            self._open(path)
        self._read()
        now = time.monotonic()
        if self._is_new and now >= self._next:
            news += self._examine()
            took = time.monotonic() - now
            self._next = now + took / self._busy
        elif self._died() and now - self._grew >= self._settle:
            news += self._examine()
        return news

    def _open(self, path: Path) -> None:
        try:
            self._log, self._first = _Log(path, self._unread), len(self._over)
        except MmscaffoldError:
            # It may just have been moved away.
            if path.exists():
                raise

    def diagnosis(self) -> Diagnosis:
        """All that was seen until now."""
        if self._is_new or self._died():
            self._examine(ended=False)
        last = [] if self._last is None else [self._last]
        return Diagnosis([*self._over, *last], self._unread, list(self._problems))

    def _read(self) -> None:
        if self._log is not None and self._log.read():
            self._is_new = True
            self._grew = time.monotonic()

    def _died(self) -> bool:
        """Whether the last run seems to have died, which was not told yet."""
        if self._log is None:
            return False
        runs = self._log.runs()
        told = self._told.get(len(self._over))
        crash = runs[-1].crash if runs else None
        return crash is not None and (told is None or told.crash != crash.line)

    def _examine(self, *, ended: bool = False) -> list[News]:
        """Look at the last run, and at those that ended since the last time.

        Args:
            ended: Whether its log has come to its end.
        """
        if self._log is None:
            return []
        self._is_new = False
        news = []
        runs = self._log.runs()
        for number in range(len(self._over) - self._first, len(runs)):
            is_over = ended or number < len(runs) - 1
            found = self._diagnose(number, runs[number], is_over=is_over)
            news += self._news_of(found, is_over=is_over)
            if is_over:
                self._over.append(found)
                self._known = found.story.config
                self._last = None
            else:
                self._last = found
        return news

    def _diagnose(self, number: int, run: Run, *, is_over: bool) -> RunDiagnosis:
        assert self._log is not None
        config, problem = self._log.config(number, run)
        if problem is not None:
            self._problems[problem] = None
        if config is None and run.resumed is not None:
            config = self._known
        before = None
        if run.resumed is not None:
            before = self._over[-1].story if self._over else self._before(run)
        return diagnose_run(
            Story(run, config, is_last=not is_over, before=before, goes_on=not is_over)
        )

    def _before(self, run: Run) -> Story | None:
        """What came before the first run; sought once."""
        known = None if self._last is None else self._last.story
        if known is not None and known.run.resumed is not None:
            return known.before
        return story_before(run)

    def _news_of(self, found: RunDiagnosis, *, is_over: bool) -> list[News]:
        told = self._told.setdefault(len(self._over), _Told())
        seen = [one for one in found.seen if one.symptom.name not in told.symptoms]
        # What was seen more of tells nothing new, though it may speak for another cause.
        causes = [one for one in found.causes if one.cause.name not in told.causes] if seen else []
        ending = found.ending
        settled = is_over or time.monotonic() - self._grew >= self._settle
        if ending is not None and (not settled or told.crash == ending.crash.line):
            ending = None
        begins = not told.run and bool(found.story.run.train.line)
        told.run = told.run or begins
        if not (seen or ending or begins):
            return []
        told.symptoms |= {one.symptom.name for one in seen}
        told.causes |= {one.cause.name for one in causes}
        told.crash = told.crash if ending is None else ending.crash.line
        return [News(found, seen, causes, ending, begins)]
