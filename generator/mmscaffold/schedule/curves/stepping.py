"""All schedulers of one parameter, stepped as the Runner steps them, without standing idle.

Source: ParamSchedulerHook (mmengine/hooks/param_scheduler_hook.py): after each iteration those
that count iterations step, in the order of the config; after the last iteration of an epoch
those that count epochs, and then, after its validation, those that wait for a metric.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mmscaffold.schedule.curves.curve import ENDLESS, Break, Segment
from mmscaffold.schedule.curves.initial_values import NotKnownError
from mmscaffold.schedule.curves.plateau import Plateau
from mmscaffold.schedule.curves.reading import Entry
from mmscaffold.schedule.curves.recurrences import Recurrence
from mmscaffold.schedule.curves.setup import Metrics, Timeline

CHUNK = 1 << 15
"""Steps that are computed at once."""

MOST_WORK = 40_000_000
"""Values that are computed before a schedule is given up: no training has so many."""

_REST = 20  # what a stretch of one value costs, in values
FAILURES = (ArithmeticError, ValueError, TypeError)


@dataclass(frozen=True)
class Stepper:
    """A scheduler that is stepped.

    Attributes:
        entry: Its arguments.
        recurrence: What it does at each of its steps.
    """

    entry: Entry
    recurrence: Recurrence

    @property
    def start(self) -> int:
        """The first step, by epoch or iteration, within its ``begin`` and ``end``."""
        return 0 if self.entry.begin <= 0 else math.ceil(self.entry.begin)

    @property
    def stop(self) -> int:
        """The step before which it ends."""
        return math.ceil(self.entry.end) if self.entry.end < ENDLESS else ENDLESS

    def number(self, step: int) -> int:
        """How the scheduler counts a step of the training."""
        return step - self.start + self.entry.first

    def next_change(self, step: int) -> int:
        """The first step from here on that may change the value, or ``ENDLESS``."""
        here = max(step, self.start)
        if here >= self.stop:
            return ENDLESS
        change = self.recurrence.next_change(self.number(here))
        if change is None:
            return ENDLESS
        found = change + self.start - self.entry.first
        return found if found < self.stop else ENDLESS

    def apply(self, value: float, step: int) -> float:
        """The value after a step of the training."""
        if not self.start <= step < self.stop:
            return value
        return self.recurrence.step(value, self.number(step))


class Stepping:
    """Steps the schedulers of one parameter through a training.

    Args:
        value: What the parameter is before the first iteration.
        steppers: Its schedulers, in order.
        plateaus: Those that wait for a metric.
        times: When the training steps.
        metrics: What each validation finds.
        limit: Where the curve must end, and why.
    """

    def __init__(
        self,
        value: float,
        steppers: Sequence[Stepper],
        plateaus: Sequence[Plateau],
        times: Timeline,
        metrics: Sequence[Metrics],
        limit: Break | None,
    ) -> None:
        self._value = value
        self._by_iteration = [one for one in steppers if not one.entry.by_epoch]
        self._by_epoch = [one for one in steppers if one.entry.by_epoch]
        if not times.counts_epochs:
            self._by_epoch = []
        self._batches = times.batches or ENDLESS
        self._plateaus = plateaus
        self._times = times
        self._validations = enumerate(times.validations()) if plateaus else iter(())
        self._validation = next(self._validations, None)
        self._metrics = metrics
        end = ENDLESS if times.max_iters is None else times.max_iters
        if limit is not None and limit.iteration >= end:
            limit = None
        self._end = end if limit is None else limit.iteration
        self._limit = limit
        self._work = 0

    def segments(self) -> Iterator[Segment | Break]:
        """The stretches of the curve, up to its end or to what breaks it off."""
        # Values are given up to `here`; a change is sought from `search` on.
        here, search = 0, 1
        while here < self._end:
            change = min(self._next_change(search), self._end)
            yield Segment(here, change, self._value)
            if change >= self._end:
                break
            busy = [one for one in self._by_iteration if one.next_change(change) == change]
            count = self._undisturbed(busy, change)
            if count == 0:
                self._work += _REST
                problem = self._step_once(busy, change)
                here, search = change, change + 1
            else:
                found, problem = self._run(busy, change, count)
                self._work += len(found) * len(busy) + _REST
                here = search = change + len(found)
                if found:
                    self._value = found[-1]
                    yield Segment(change, here, found)
            if problem is None and self._work > MOST_WORK:
                problem = Break(here, f"not computed beyond {MOST_WORK:,} values")
            if problem is not None:
                yield problem
                return
        if self._limit is not None:
            yield self._limit

    def _next_change(self, iteration: int) -> int:
        """The first iteration from here on before which something may change the value."""
        found = [one.next_change(iteration) for one in self._by_iteration]
        found.append(self._next_epoch_change(iteration))
        if self._validation is not None:
            found.append(self._validation[1])
        return min(found)

    def _next_epoch_change(self, iteration: int) -> int:
        epoch = -(-iteration // self._batches)
        changes = [one.next_change(epoch) for one in self._by_epoch]
        change = min(changes, default=ENDLESS)
        return ENDLESS if change >= ENDLESS else min(change * self._batches, ENDLESS)

    def _undisturbed(self, busy: list[Stepper], start: int) -> int:
        """How many steps from here on change the value by these schedulers alone."""
        others = [one.next_change(start) for one in self._by_iteration if one not in busy]
        ends = [one.stop for one in busy]
        after = [self._next_epoch_change(start), start + CHUNK, self._end, *others, *ends]
        if self._validation is not None:
            after.append(self._validation[1])
        if any(one.next_change(start + 1) != start + 1 for one in busy):
            after.append(start + 1)
        return min(after) - start if busy else 0

    def _run(
        self, busy: list[Stepper], start: int, count: int
    ) -> tuple[array[float], Break | None]:
        """The values after so many steps, as far as they can be computed."""
        if len(busy) == 1:
            stepper = busy[0]
            try:
                number = stepper.number(start)
                return stepper.recurrence.run(self._value, number, count), None
            except FAILURES:
                pass  # step by step, to find out where
        found, value = array("d"), self._value
        for step in range(start, start + count):
            for stepper in busy:
                try:
                    value = stepper.recurrence.step(value, stepper.number(step))
                except FAILURES as error:
                    return found, _failure(stepper.entry, step, error)
            try:
                found.append(value)
            except FAILURES as error:
                return found, _failure(busy[-1].entry, step, error)
        return found, None

    def _step_once(self, busy: list[Stepper], iteration: int) -> Break | None:
        """All that happens between two iterations."""
        due = list(busy)
        epoch, rest = divmod(iteration, self._batches)
        steps = [(one, iteration) for one in due]
        if rest == 0:
            steps += [(one, epoch) for one in self._by_epoch]
        for stepper, step in steps:
            try:
                self._value = stepper.apply(self._value, step)
            except FAILURES as error:
                return _failure(stepper.entry, iteration, error)
        if self._validation is not None and self._validation[1] == iteration:
            number = self._validation[0]
            self._validation = next(self._validations, None)
            metrics = self._metrics[number] if number < len(self._metrics) else None
            epochs = epoch if self._times.counts_epochs else 0
            for plateau in self._plateaus:
                try:
                    self._value = plateau.look(self._value, epochs, metrics, iteration)
                except NotKnownError as problem:
                    return problem.where
                except FAILURES as error:
                    return _failure(plateau.entry, iteration, error)
        return None


def _failure(entry: Entry, iteration: int, error: Exception) -> Break:
    reason = f"{entry.kind.name} fails: {type(error).__name__}: {error}"
    return Break(iteration, reason, entry.path, is_refusal=True)
