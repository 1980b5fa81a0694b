"""What the log of one run says, in the order in which it was written."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.diagnose.crash import Crash

NO_EPOCH = -1  # a line in the form of an iteration loop: Iter(train) [10/1000]
NO_SIZE = -1  # scalars do not tell how many batches there are


def _whole() -> array[int]:
    return array("q")


def _real() -> array[float]:
    return array("d")


@dataclass
class TrainLines:
    """The lines of training, as columns: a log has a million of them.

    Attributes:
        line: Where it stands in its file, from 1.
        epoch: The first number in ``[1][2/4]``; ``NO_EPOCH`` where there is none.
        digits: How many digits the Runner's ``max_epochs`` has, which the log pads for; 0
            where the line does not tell.
        batch: The 2 in ``[1][2/4]``, or in ``Iter(train) [2/4]``.
        size: The 4 in ``[1][2/4]``: batches per epoch, or ``max_iters``.
        lr: The learning rate; nan where there is none.
        eta: Seconds; nan where there is none.
        time: Seconds per iteration, over the last few; nan where there is none.
        loss: The sum of the losses; nan where there is none.
    """

    line: array[int] = field(default_factory=_whole)
    epoch: array[int] = field(default_factory=_whole)
    digits: array[int] = field(default_factory=_whole)
    batch: array[int] = field(default_factory=_whole)
    size: array[int] = field(default_factory=_whole)
    lr: array[float] = field(default_factory=_real)
    eta: array[float] = field(default_factory=_real)
    time: array[float] = field(default_factory=_real)
    loss: array[float] = field(default_factory=_real)

    def __len__(self) -> int:
        return len(self.line)

    def head(self, index: int) -> str:
        """A line's numbers as the log writes them, such as ``Epoch(train) [1][2/4]``."""
        if self.size[index] == NO_SIZE:
            epoch = "" if self.epoch[index] == NO_EPOCH else f"epoch {self.epoch[index]}, "
            return f"{epoch}iter {self.batch[index]}"
        position = f"[{self.batch[index]}/{self.size[index]}]"
        if self.epoch[index] == NO_EPOCH:
            return f"Iter(train) {position}"
        return f"Epoch(train) [{self.epoch[index]}]{position}"


@dataclass(frozen=True)
class Validation:
    """One validation: the lines of it that follow each other.

    Attributes:
        line: Its first line.
        epoch: The number in ``Epoch(val) [1]``; ``NO_EPOCH`` where there is none.
        after: How many lines of training come before it.
        metrics: What it measured.
    """

    line: int
    epoch: int
    after: int
    metrics: dict[str, float] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class SavedCheckpoint:
    """One ``Saving checkpoint at 3 epochs``.

    Attributes:
        line: Where it stands.
        number: The 3.
        by_epoch: Whether it counts epochs.
        after: How many lines of training come before it.
    """

    line: int
    number: int
    by_epoch: bool
    after: int


@dataclass(frozen=True)
class Resumption:
    """One ``resumed epoch: 3, iter: 12``.

    Attributes:
        line: Where it stands.
        epoch: Epochs that the Runner takes for finished.
        iter: Iterations that it takes for finished.
    """

    line: int
    epoch: int
    iter: int


@dataclass
class Scalars:
    """What ``vis_data/scalars.json`` holds, as columns.

    Attributes:
        path: The file.
        line: Where a record of training stands, from 1.
        iter: The global iteration that it tells.
        epoch: Its epoch; ``NO_EPOCH`` where it has none.
        lr: Its learning rate; nan where it has none.
        validations: Line and ``step`` of each record of a validation, and what it measured.
    """

    path: Path
    line: array[int] = field(default_factory=_whole)
    iter: array[int] = field(default_factory=_whole)
    epoch: array[int] = field(default_factory=_whole)
    lr: array[float] = field(default_factory=_real)
    validations: list[tuple[int, int, dict[str, float]]] = field(default_factory=list)


@dataclass
class Run:
    """One run from its start, or from where it resumed.

    Attributes:
        path: The log.
        first_line: Where it begins in it.
        whole: Whether the log has its beginning.
        train: Its lines of training.
        validations: Its validations.
        saved: Its checkpoints.
        loaded: Line and path of the checkpoint that it started from.
        resumed: What the Runner said that it resumed.
        stopped_early: The line in which ``EarlyStoppingHook`` says so.
        nan_line: The first line whose loss is not a number.
        zero_losses: The losses that are 0 in all lines; ``None`` where there is no line.
        crash: The exception that ended it.
        tested: The first line of a test, ``Epoch(test) [10/2500]``.
        unread_lines: How many lines look like those of training and could not be understood.
        exp_name: The first ``Exp name: ...``, which LoggerHook writes after an iteration.
        config_text: The config that the log holds, as Python.
        scalars: The scalars that belong to it.
        last_line: The last line of it that was understood.
    """

    path: Path
    first_line: int = 1
    whole: bool = False
    train: TrainLines = field(default_factory=TrainLines)
    validations: list[Validation] = field(default_factory=list)
    saved: list[SavedCheckpoint] = field(default_factory=list)
    loaded: tuple[int, str] | None = None
    resumed: Resumption | None = None
    stopped_early: int | None = None
    nan_line: int | None = None
    zero_losses: frozenset[str] | None = None
    crash: Crash | None = None
    tested: int | None = None
    unread_lines: int = 0
    exp_name: int | None = None
    config_text: bytes | None = None
    scalars: Scalars | None = None
    last_line: int = 0

    @property
    def by_epoch(self) -> bool:
        """Whether the log counts epochs: ``Epoch(train)`` and not ``Iter(train)``."""
        return bool(self.train.line) and self.train.epoch[0] != NO_EPOCH

    @property
    def is_test(self) -> bool:
        """Whether it tested a model, and trained none."""
        trained = self.train.line or self.validations or self.saved or self.resumed is not None
        return self.tested is not None and not trained

    @property
    def is_finite(self) -> bool:
        """Whether every loss that was seen is a number."""
        return self.nan_line is None


@dataclass
class UnreadLines:
    """Lines that look like those of a log and could not be understood.

    Attributes:
        number: How many.
        first: File, line and text of the first.
    """

    number: int = 0
    first: tuple[Path, int, str] | None = None

    def add(self, path: Path, line: int, raw: bytes) -> None:
        """Count a line."""
        self.number += 1
        if self.first is None:
            text = raw.decode("utf-8", "replace").strip()
            self.first = (path, line, text[:200])

    def take(self, other: UnreadLines) -> None:
        """Count the lines of another file, too."""
        self.number += other.number
        self.first = self.first or other.first


def is_number(value: float) -> bool:
    """Whether a column has a value at a place."""
    return not math.isnan(value)
