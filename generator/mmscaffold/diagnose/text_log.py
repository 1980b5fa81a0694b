"""Read mmengine's text logs as a stream: once, line by line.

The form of the lines is that of mmengine/runner/log_processor.py; the messages between them
are of mmengine/runner/runner.py and mmengine/hooks/.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from mmscaffold.diagnose.crash import Crash, CrashReader
from mmscaffold.diagnose.history import (
    NO_EPOCH,
    Resumption,
    Run,
    SavedCheckpoint,
    UnreadLines,
    Validation,
)
from mmscaffold.diagnose.pasted import STAMP, logical_lines
from mmscaffold.errors import MmscaffoldError

_HEAD = re.compile(
    rb"(?:Epoch|Iter)\((train|val)\)( *)(?:\[ *(-?\d{1,15})\])?"
    rb"\[ *(-?\d{1,15})/ *(-?\d{1,15})\](?= )"
)
# The same with what follows, as nearly every line has it; the others are looked at piece by piece.
_USUAL = re.compile(
    rb"\(train\)( *)(?:\[ *(\d{1,15})\])?\[ *(\d{1,15})/ *(\d{1,15})\]  "
    rb"(?:base_lr: [\d.e+-]{1,24} )?lr: ([\d.e+-]{1,24})  "
    rb"eta: (?:(-?\d{1,9}) days?, )?(\d{1,9}):(\d\d):(\d\d)  time: ([\d.]{1,24})  "
)
_LOSS = re.compile(rb"(?<=  )([\w.]{0,60}loss[\w.]{0,60}): 0\.0+(?=\s|$)")
# `coco/AP .5: 0.0000`: the names of mmpose have blanks.
_METRIC = re.compile(rb"(?<=  )(\S[^:\t]{0,80}?): +(-?[\d.]{1,24}(?:e[+-]?\d{1,4})?|nan)(?=\s|$)")
_NO_METRICS = (b"eta", b"time", b"data_time", b"memory", b"grad_norm")
_TEST = re.compile(rb"(?:Epoch|Iter)\(test\) *\[")
_ETA = re.compile(rb"(?:(-?\d{1,9}) days?, )?(\d{1,9}):(\d\d):(\d\d)(?=\s|$)")
_SAVING = re.compile(rb"Saving checkpoint at (-?\d{1,15}) (epochs|iterations)")
_RESUMED = re.compile(rb"resumed epoch: (-?\d{1,15}), iter: (-?\d{1,15})")
# What the three reasons of mmengine's EarlyStoppingHook have in common.
_STOPPED = re.compile(
    rb"the monitored metric did not improve|Stopping threshold reached"
    rb"|Monitored metric .{0,200}? is "
)
# What the guard of a generated project writes before it ends a run (engine/contract.py).
_GUARDED = b"ContractError: "
_LOADED = b"Load checkpoint from "
_NAN = re.compile(rb"loss: (?:nan|-?inf)\b")
_MOST_RUNS = 2_000  # in one file
_MOST_CONFIG = 2_000_000  # bytes; more is not a config
_LONGEST_MESSAGE = 100_000  # bytes


class TextLog:
    """Reads one file.

    Args:
        path: Its name, for messages.
        unread: Where to count what is not understood.
    """

    def __init__(self, path: Path, unread: UnreadLines) -> None:
        self._path = path
        self._unread = unread
        self._runs: list[Run] = []
        self._run = self._begin(1)
        self._in_validation = False
        self._config: list[bytes] | None = None
        self._config_size = 0
        self._crash = CrashReader()

    def read(self, lines: Iterable[bytes]) -> list[Run]:
        """The runs in the file, each with its lines."""
        for _ in self.reading(lines):
            pass
        return self.runs

    @property
    def runs(self) -> list[Run]:
        """The runs as far as they were read."""
        return [run for run in self._runs if run.last_line]

    @property
    def crash(self) -> Crash | None:
        """What would have ended the last run, were no line to follow."""
        return self._crash.so_far()

    def reading(self, lines: Iterable[bytes]) -> Iterator[None]:
        """Read lines, and stop at each empty one, which tells that no more is there yet."""
        last_raw = b""
        for number, raw in logical_lines(lines):
            if not raw:
                yield
                continue
            is_traceback = self._crash.is_open or b"Traceback (" in raw
            if is_traceback and self._crash.takes(number, raw):
                self._end_config()
                continue
            if not raw.endswith((b"\n", b"\r")):
                # The last line of a log that was cut off may lack digits.
                if STAMP.match(raw):
                    self._end_config()
                    self._unread.add(self._path, number, raw)
                elif self._config is None:
                    self._crash.last_words(number, raw)
                continue
            # Handlers that are set twice write each line twice.
            if raw == last_raw and b"(train)" in raw:
                continue
            last_raw = raw
            if b"(train)" in raw or b"(val)" in raw:
                self._end_config()
                self._numbers(number, raw)
            elif b"(test)" in raw and _TEST.search(raw):
                self._end_config()
                self._crash.goes_on()
                self._run.tested = self._run.tested or number
                self._run.last_line = number
            elif self._config is not None and not STAMP.match(raw):
                self._more_config(raw)
            elif b" - " in raw and STAMP.match(raw):
                self._end_config()
                if len(raw) > _LONGEST_MESSAGE:
                    self._unread.add(self._path, number, raw[:_LONGEST_MESSAGE])
                else:
                    self._message(number, raw)
            elif raw.startswith(b"System environment:"):
                self._start(number)
            else:
                self._crash.last_words(number, raw)
        self._end_config()
        self._end_run()

    def _begin(self, line: int) -> Run:
        if len(self._runs) == _MOST_RUNS:
            raise MmscaffoldError(
                f"holds more than {_MOST_RUNS:,} runs",
                where=f"{self._path}:{line}",
                hint="Name the log of one run, or cut this one to its end.",
            )
        run = Run(self._path, first_line=line)
        self._runs.append(run)
        return run

    def _start(self, line: int) -> None:
        """A Runner was built, which is the beginning of a run."""
        self._end_run()
        if self._run.last_line:
            self._run = self._begin(line)
        self._run.whole = True
        self._run.last_line = line
        self._in_validation = False

    def _end_run(self) -> None:
        """What was printed last ended the run."""
        crash = self._crash.finish()
        if crash is not None:
            self._run.crash = crash
            self._run.last_line = max(self._run.last_line, crash.line)
        self._crash = CrashReader()

    def _numbers(self, number: int, raw: bytes) -> None:
        """A line with the numbers of training or of a validation."""
        if self._usual_numbers(number, raw):
            return
        head = _HEAD.search(raw)
        if head is None:
            if STAMP.match(raw) and (b"Epoch(" in raw or b"Iter(" in raw):
                self._not_understood(number, raw)
            return
        self._crash.goes_on()
        mode, spaces, epoch, batch, size = head.groups()
        run = self._run
        if mode == b"val":
            if not self._in_validation:
                at = NO_EPOCH if epoch is None else int(epoch)
                run.validations.append(Validation(number, at, len(run.train)))
            run.validations[-1].metrics.update(_metrics(raw[head.end() :]))
            self._in_validation = True
            run.last_line = number
            return
        rest = raw[head.end() :]
        lr, time = _value(rest, b"lr: "), _value(rest, b" time: ")
        eta = _eta(rest)
        if lr is None or time is None or eta is None:
            self._not_understood(number, raw)
            return
        self._train_line(number, raw, (spaces, epoch, batch, size), (lr, eta, time))

    def _usual_numbers(self, number: int, raw: bytes) -> bool:
        """Read a line of training that has the usual form; ``False`` if it has not."""
        found = _USUAL.match(raw, raw.find(b"(train)"))
        if found is None:
            return False
        spaces, epoch, batch, size, rate, days, hours, minutes, seconds, time = found.groups()
        try:
            lr, pace = float(rate), float(time)
        except ValueError:
            return False
        eta = float(int(days or 0) * 86400 + int(hours) * 3600 + int(minutes) * 60 + int(seconds))
        if self._crash.is_open or self._crash.crash is not None:
            self._crash.goes_on()
        self._train_line(number, raw, (spaces, epoch, batch, size), (lr, eta, pace))
        return True

    def _train_line(
        self,
        number: int,
        raw: bytes,
        head: tuple[bytes, bytes | None, bytes, bytes],
        values: tuple[float, float, float],
    ) -> None:
        """Keep a line of training."""
        run = self._run
        train = run.train
        spaces, epoch, batch, size = head
        train.line.append(number)
        train.epoch.append(NO_EPOCH if epoch is None else int(epoch))
        # `[{epoch}]` is set to the right in as many digits as max_epochs has, plus 3.
        padded = epoch is not None and len(spaces) > 0
        train.digits.append(len(spaces) + len(epoch or b"") - 1 if padded else 0)
        train.batch.append(int(batch))
        train.size.append(int(size))
        train.lr.append(values[0])
        train.eta.append(values[1])
        train.time.append(values[2])
        train.loss.append(_loss(raw))
        if (b": nan" in raw or b"inf" in raw) and run.nan_line is None and _NAN.search(raw):
            run.nan_line = number
        if run.zero_losses is None or run.zero_losses:
            run.zero_losses = _zero_losses(raw, run.zero_losses)
        self._in_validation = False
        run.last_line = number

    def _not_understood(self, number: int, raw: bytes) -> None:
        """A line that looks like training: nothing follows from there being none."""
        self._unread.add(self._path, number, raw)
        self._run.unread_lines += 1
        self._run.last_line = number

    def _message(self, number: int, raw: bytes) -> None:
        """Any other line that a logger wrote."""
        run = self._run
        if b"Saving checkpoint at" in raw:
            saved = _SAVING.search(raw)
            if saved is None:
                self._unread.add(self._path, number, raw)
                return
            by_epoch = saved[2] == b"epochs"
            run.saved.append(SavedCheckpoint(number, int(saved[1]), by_epoch, len(run.train)))
            self._in_validation = False
        elif raw.rstrip().endswith(b" - Config:"):
            self._config, self._config_size = [], 0
        elif b"resumed epoch:" in raw:
            resumed = _RESUMED.search(raw)
            if resumed is None:
                self._unread.add(self._path, number, raw)
                return
            run.resumed = Resumption(number, int(resumed[1]), int(resumed[2]))
        elif _LOADED in raw:
            path = raw.partition(_LOADED)[2].strip().decode("utf-8", "replace")
            run.loaded = (number, path)
        elif b" - Exp name: " in raw:
            run.exp_name = run.exp_name or number
        elif _STOPPED.search(raw):
            run.stopped_early = number
        elif _GUARDED in raw and b" - ERROR - " in raw:
            text = raw[raw.index(_GUARDED) :].strip().decode("utf-8", "replace")
            self._crash.logged(number, text)
        elif b"Epoch [" in raw and b"eta:" in raw:
            # mmcv 1.x wrote `Epoch [1][50/7330]`.
            self._unread.add(self._path, number, raw)
            return
        else:
            return
        run.last_line = number

    def _more_config(self, raw: bytes) -> None:
        assert self._config is not None
        self._config_size += len(raw)
        if self._config_size > _MOST_CONFIG:
            self._config = None
            return
        self._config.append(raw)

    def _end_config(self) -> None:
        if self._config is not None:
            self._run.config_text = b"".join(self._config).replace(b"\r\n", b"\n")
            self._config = None


def _loss(raw: bytes) -> float:
    """The sum of the losses: nan where there is none."""
    start = raw.find(b" loss: ")
    try:
        return float(raw[start + 7 : start + 31].split(None, 1)[0]) if start > 0 else math.nan
    except (ValueError, IndexError):
        return math.nan


def _zero_losses(raw: bytes, before: frozenset[str] | None) -> frozenset[str]:
    """The losses of a line that are 0, and were so in every line before."""
    found = frozenset(name.decode("utf-8", "replace") for name in _LOSS.findall(raw))
    return found if before is None else found & before


def _metrics(rest: bytes) -> dict[str, float]:
    """What a line of a validation measured."""
    found = {}
    for name, value in _METRIC.findall(rest):
        if name not in _NO_METRICS:
            with contextlib.suppress(ValueError):
                found[name.decode("utf-8", "replace")] = float(value)
    return found


def _value(rest: bytes, key: bytes) -> float | None:
    """The number behind a key: nan where there is none, ``None`` if it cannot be read."""
    start = rest.find(key)
    # `base_lr: 0.1 lr: 0.1`: the first is of the optimizer wrapper.
    while start > 0 and key == b"lr: " and rest[start - 1 : start] not in (b" ", b"."):
        start = rest.find(key, start + 1)
    if start < 0:
        return math.nan
    start += len(key)
    try:
        return float(rest[start : start + 24].split(None, 1)[0])
    except (ValueError, IndexError):
        return None


def _eta(rest: bytes) -> float | None:
    """Seconds: nan where there is no ETA, ``None`` if it cannot be read."""
    start = rest.find(b"eta: ")
    if start < 0:
        return math.nan
    found = _ETA.match(rest, start + 5)
    if found is None:
        return None
    days, hours, minutes, seconds = found.groups()
    clock = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return float(int(days or 0) * 86400 + clock)
