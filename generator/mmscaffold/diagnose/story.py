"""One run, what its config asks for, and the epochs that it really ran."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, TypeVar

from mmscaffold.diagnose.history import NO_EPOCH, NO_SIZE, Run, Scalars, Validation, is_number
from mmscaffold.diagnose.run_config import RunConfig

_T = TypeVar("_T")


@dataclass(frozen=True)
class Pass:
    """One epoch that was really run, whatever number the log gives it.

    Attributes:
        first: Index of its first line of training.
        last: Index of its last one.
        epoch: The number that the log gives it.
    """

    first: int
    last: int
    epoch: int


@dataclass(frozen=True)
class Story:
    """One run, as symptoms are sought in it.

    Attributes:
        run: What its log tells.
        config: What its config asks for, where that is known.
        is_last: Whether no other of the given runs continues from it.
        before: The run that it resumed, if that is among those given.
        goes_on: Whether it is still running, so that nothing follows from where its log ends.
    """

    run: Run
    config: RunConfig | None = None
    is_last: bool = True
    before: Story | None = None
    goes_on: bool = False
    _known: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def only_scalars(self) -> bool:
        """Whether there is no text log."""
        return self.run.scalars is not None and self.run.scalars.path == self.run.path

    @cached_property
    def passes(self) -> list[Pass]:
        """The epochs that were run; one for the whole of an iteration loop.

        A new one begins where the number changes, or where the batches start again. Scalars
        do not tell batches, so there a validation is an end, too.
        """
        train = self.run.train
        if not train.line:
            return []
        ends = {one.after for one in self.run.validations} if self.only_scalars else set()
        starts, twice = [0], self.logged_twice
        for index in range(1, len(train)):
            if train.epoch[index] != train.epoch[index - 1] or (
                train.epoch[index] != NO_EPOCH
                and (train.batch[index] <= train.batch[index - 1] or index in ends)
                and index not in twice
            ):
                starts.append(index)
        lasts = [start - 1 for start in starts[1:]] + [len(train) - 1]
        return [
            Pass(first, last, train.epoch[first])
            for first, last in zip(starts, lasts, strict=True)
        ]

    @cached_property
    def logged_twice(self) -> set[int]:
        """Lines of training of the same batch as the one before.

        Where an epoch has one line, and its number stands, the next has the same batch, too;
        then a validation or a checkpoint lies between, or every line has that batch.
        """
        train, run = self.run.train, self.run
        if self.only_scalars or not self.by_epoch or min(train.batch) == max(train.batch):
            return set()
        between = {one.after for one in run.validations} | {one.after for one in run.saved}
        return {
            index
            for index in range(1, len(train))
            if train.batch[index] == train.batch[index - 1]
            and train.epoch[index] == train.epoch[index - 1]
            and index not in between
        }

    @property
    def by_epoch(self) -> bool:
        """Whether the log counts epochs."""
        return self.run.by_epoch

    @cached_property
    def epochs_before(self) -> int:
        """Epochs that were finished before the first line."""
        shown = max(self.passes[0].epoch - 1, 0) if self.passes else 0
        if self.run.resumed is not None:
            # One that begins again has its epochs before it.
            return min(max(self.run.resumed.epoch, 0), shown)
        return 0 if self.run.whole else shown

    @cached_property
    def pass_of_line(self) -> list[int]:
        """For each line of training, the index of its epoch."""
        found = []
        for number, one in enumerate(self.passes):
            found += [number] * (one.last - one.first + 1)
        return found

    def iterations(self, index: int) -> int:
        """How many iterations were really run, up to a line of training."""
        train = self.run.train
        if not self.by_epoch or self.only_scalars:
            return train.batch[index]
        done = self.epochs_before + self.pass_of_line[index]
        if train.batch[index] > train.size[index]:
            # The batches are counted through.
            return self.epochs_before * train.size[index] + train.batch[index]
        return done * train.size[index] + train.batch[index]

    @cached_property
    def epochs_done(self) -> list[int]:
        """Epochs that were really finished before each line of training."""
        return [self.epochs_before + number for number in self.pass_of_line]

    @cached_property
    def iterations_done(self) -> list[int]:
        """Iterations that were really finished before that of each line of training."""
        return [self.iterations(index) - 1 for index in range(len(self.run.train))]

    def label_before(self, validation: Validation) -> int | None:
        """The number of the epoch that was trained before a validation."""
        if validation.after == 0:
            return None
        return self.run.train.epoch[validation.after - 1]

    @cached_property
    def iters(self) -> list[int]:
        """The global iteration at each line of training, as the Runner counts it.

        The log tells it of an iteration loop, ``scalars.json`` of each loop. Empty where it
        is not known.
        """
        train, scalars = self.run.train, self.run.scalars
        if not self.by_epoch and train.line:
            return list(train.batch)
        if scalars is not None and len(scalars.iter) == len(train):
            return list(scalars.iter)
        return []

    @cached_property
    def seconds_per_iteration(self) -> list[float]:
        """At each line of training, the mean over the lines so far; 0 where not known."""
        found, total, number = [], 0.0, 0
        for time in self.run.train.time:
            if is_number(time) and time < 1e9:
                total += time
                number += 1
            found.append(total / number if number else 0.0)
        return found

    @cached_property
    def digits(self) -> int:
        """How many digits the Runner's ``max_epochs`` has; 0 where the log does not tell."""
        known = {value for value in self.run.train.digits if value > 0}
        return known.pop() if len(known) == 1 else 0


def once(reading: Callable[[Story], _T]) -> Callable[[Story], _T]:
    """Let a function of a run compute only once what several symptoms ask of it.

    Logs have a million lines. The result is kept in the run, and goes with it.
    """

    @wraps(reading)
    def known(story: Story) -> _T:
        if reading not in story._known:
            story._known[reading] = reading(story)
        found: _T = story._known[reading]
        return found

    return known


def run_of(scalars: Scalars) -> Run:
    """A run of which only the scalars are there."""
    run = Run(scalars.path, scalars=scalars, last_line=1)
    train = run.train
    train.line, train.epoch, train.batch = scalars.line, scalars.epoch, scalars.iter
    nothing = float("nan")
    for index, line in enumerate(scalars.line):
        train.digits.append(0)
        train.size.append(NO_SIZE)
        train.lr.append(scalars.lr[index])
        train.eta.append(nothing)
        train.time.append(nothing)
        train.loss.append(nothing)
        run.last_line = line
    after = 0
    for line, step, metrics in scalars.validations:
        while after < len(train) and train.line[after] < line:
            after += 1
        # With `log_metric_by_epoch=False` the step is the iteration.
        counts_epochs = run.by_epoch and after and step != train.batch[after - 1]
        number = step if counts_epochs else NO_EPOCH
        run.validations.append(Validation(line, number, after, metrics))
    return run
