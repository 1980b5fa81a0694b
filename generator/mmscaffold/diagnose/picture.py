"""A run over what its config plans: learning rate, epochs, validations, ETA, loss and metrics."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mmscaffold.diagnose.diagnosis import Diagnosis, RunDiagnosis
from mmscaffold.diagnose.history import NO_EPOCH, is_number
from mmscaffold.diagnose.partings import EPOCH, ETA, RATE, VALIDATION, Parting, partings
from mmscaffold.diagnose.planned import Plan, plan_of
from mmscaffold.diagnose.readings.curve import comparison, comparison_with_own
from mmscaffold.diagnose.readings.metrics import headlines
from mmscaffold.diagnose.readings.resuming import uneven_resumption
from mmscaffold.diagnose.story import Story
from mmscaffold.pictures.panels import Panel, Point, Role, RunPicture, Scale, Trace
from mmscaffold.pictures.reduction import points

_MOST_POINTS = 4000  # per curve; more are not seen
_MOST_METRICS = 3
_ROWS = {"planned validation": Role.CONFIG, "validation": Role.LOG,
         "planned checkpoint": Role.CONFIG, "checkpoint": Role.LOG}  # fmt: skip
_AHEAD = 2  # times as long as the log: more of the plan would press the log together


@dataclass
class _Columns:
    """What one curve of the picture is made of, over all runs."""

    at: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, at: float, value: float = math.nan) -> None:
        self.at.append(at)
        self.values.append(value)

    def cut(self) -> None:
        """No line leads from here to what comes next."""
        if self.at:
            self.add(self.at[-1])


def run_picture(diagnosis: Diagnosis) -> RunPicture:
    """What there is to draw of some runs, over the iterations that were really run.

    Args:
        diagnosis: What was read.
    """
    columns: dict[str, _Columns] = {}
    marked: dict[str, list[Point]] = {}
    words: list[str] = []
    remarks: list[str] = []
    seams: list[float] = []
    start = 0.0
    several = len(diagnosis.runs) > 1
    for number, run in enumerate(diagnosis.runs):
        if not run.story.run.train.line:
            continue
        if start:
            seams.append(start)
        plan = plan_of(run.story)
        drawn = _Run(run, plan, start, is_last=number == len(diagnosis.runs) - 1)
        drawn.add_to(columns)
        found = partings(run, plan)
        for one in found:
            panel = one.subject if one.subject in (RATE, VALIDATION, ETA) else EPOCH
            label = "first parted here" if one is found[0] else f"{one.subject} parts"
            text = f"{prefix_of(run, several=several)}{one}"
            marked.setdefault(panel, []).append(Point(drawn.at(one.index), label, text))
        words += _words(run, found, several=several)
        words += drawn.notes()
        remarks += drawn.notes()
        start = drawn.stop
    return RunPicture(_title(diagnosis), _panels(columns, marked), seams, words, remarks)


def prefix_of(run: RunDiagnosis, *, several: bool) -> str:
    """What stands before all that is said of a run, where there are several."""
    return f"{run.story.run.path.name}: " if several else ""


def _words(run: RunDiagnosis, found: list[Parting], *, several: bool) -> Iterator[str]:
    prefix = prefix_of(run, several=several)
    for number, one in enumerate(found):
        yield f"{prefix}{'first parted: ' if number == 0 else ''}{one}"
    if found and found[0].cause is not None:
        yield f"{prefix}{found[0].cause.text} {found[0].cause.hint}"


class _Run:
    """One run, from some iteration of the picture on.

    Args:
        run: It.
        plan: What its config plans.
        start: Where it begins in the picture.
        is_last: Whether none comes behind it.
    """

    def __init__(
        self, run: RunDiagnosis, plan: Plan | None, start: float, *, is_last: bool
    ) -> None:
        self._story = story = run.story
        self._plan = plan
        self._train = train = story.run.train
        self._first = _beginning(story)
        # Several runs stand one behind the other, whatever they resumed.
        self._offset = start - self._first
        self._last = story.iterations_done[-1] + 1
        self.stop = self.at(len(train) - 1) + 1
        self._until = self._last
        if plan is not None and is_last:
            self._until = max(min(plan.iterations, self._last * _AHEAD), self._last)
        step = max(1, math.ceil(len(train) / _MOST_POINTS))
        self._shown = sorted({*range(0, len(train), step), len(train) - 1})

    def at(self, index: int) -> float:
        """Where a line of training lies."""
        return self._offset + self._story.iterations_done[index]

    def add_to(self, columns: dict[str, _Columns]) -> None:
        """Add all that there is to draw of it."""
        train = self._train
        for name, values in (
            ("lr", train.lr), ("eta", train.eta), ("loss", train.loss),
        ):  # fmt: skip
            column = columns.setdefault(name, _Columns())
            for index in self._shown:
                if is_number(values[index]):
                    column.add(self.at(index), values[index])
            column.cut()
        epochs = columns.setdefault("epoch", _Columns())
        for index in self._shown:
            if train.epoch[index] != NO_EPOCH:
                epochs.add(self.at(index), train.epoch[index])
        epochs.cut()
        self._add_curves(columns)
        self._add_moments(columns)
        if self._plan is not None:
            self._add_plan(self._plan, columns)

    def _add_curves(self, columns: dict[str, _Columns]) -> None:
        """The learning rates of the config and of the checkpoint."""
        own, kept = comparison_with_own(self._story), comparison(self._story)
        if uneven_resumption(self._story) is not None:
            return
        curves = [("lr planned", own)]
        if self._story.run.resumed is not None and kept is not None and own is not None:
            is_other = (own.departure is None) is not (kept.departure is None)
            curves += [("lr kept", kept)] if is_other else []
        for name, one in curves:
            if one is None or one.curve is None:
                continue
            column = columns.setdefault(name, _Columns())
            begins = one.curve.at(self._first)
            if begins is not None:
                column.add(self._offset + self._first, begins)
            for at, value in zip(*points(one.curve, stop=self._until), strict=True):
                if at > self._first:
                    column.add(self._offset + at, value)
            column.cut()

    def _add_moments(self, columns: dict[str, _Columns]) -> None:
        run = self._story.run
        names = headlines([name for one in run.validations for name in one.metrics])
        for one in run.validations:
            at = self.at(one.after - 1) + 1 if one.after else self._offset + self._first
            columns.setdefault("validation", _Columns()).add(at)
            for name in names[:_MOST_METRICS]:
                if name in one.metrics:
                    columns.setdefault(f"metric {name}", _Columns()).add(at, one.metrics[name])
        for saved in run.saved:
            at = self.at(saved.after - 1) + 1 if saved.after else self._offset + self._first
            columns.setdefault("checkpoint", _Columns()).add(at)

    def _add_plan(self, plan: Plan, columns: dict[str, _Columns]) -> None:
        for name, moments in (("validation", plan.validations), ("checkpoint", plan.checkpoints)):
            column = columns.setdefault(f"planned {name}", _Columns())
            for one in moments:
                if self._first < one <= self._until:
                    column.add(self._offset + one)
        if plan.per_epoch and self._story.by_epoch:
            epochs = columns.setdefault("epoch planned", _Columns())
            begun = self._first // plan.per_epoch
            epochs.add(self._offset + self._first, begun + 1)
            for epoch in range(begun + 1, math.ceil(self._until / plan.per_epoch)):
                epochs.add(self._offset + epoch * plan.per_epoch, epoch + 1)
            epochs.add(self._offset + self._until, epochs.values[-1])
            epochs.cut()
        pace = self._story.seconds_per_iteration
        planned = columns.setdefault("eta planned", _Columns())
        for index in self._shown:
            left = plan.iterations - self._story.iterations_done[index] - 1
            if pace[index] and left >= 0:
                planned.add(self.at(index), left * pace[index])
        planned.cut()

    def notes(self) -> Iterator[str]:
        """What is not drawn, and why."""
        if self._story.config is None:
            yield "The log holds no config: nothing is known to be planned."
        elif uneven_resumption(self._story) is not None:
            yield (
                "What was resumed does not fit the epochs of now: which learning rate is planned "
                "is not known."
            )
        elif self._plan is not None and self._until < self._plan.iterations:
            number = f"{self._plan.iterations:,}"
            yield f"The training is planned for {number} iterations; the rest is not shown."


def _beginning(story: Story) -> int:
    """How many iterations were finished when a run began; the log may begin later."""
    train, first, resumed = story.run.train, story.iterations_done[0], story.run.resumed
    if story.only_scalars or not (story.run.whole or resumed is not None):
        return first
    if story.by_epoch:
        return first - max(train.batch[0] - 1, 0)
    return min(resumed.iter, first) if resumed is not None else 0


def _panels(columns: dict[str, _Columns], marked: dict[str, list[Point]]) -> list[Panel]:
    def trace(name: str, label: str, role: Role, **more: Any) -> list[Trace]:
        one = columns.get(name)
        return [Trace(label, role, one.at, one.values, **more)] if one and one.at else []

    config, checkpoint = "the config's", "the checkpoint's, which a resumed run keeps"
    panels = [
        Panel(
            "learning rate",
            Scale.FROM_ZERO,
            [
                *trace("lr planned", config, Role.CONFIG, is_step=True),
                *trace("lr kept", checkpoint, Role.CHECKPOINT, is_step=True),
                *trace("lr", "the log's", Role.LOG),
            ],
            marked.get(RATE, []),
        ),
        Panel(
            "epoch",
            Scale.WHOLE,
            [
                *trace("epoch planned", config, Role.CONFIG, is_step=True),
                *trace("epoch", "the log's", Role.LOG, is_step=True),
            ],
            marked.get(EPOCH, []),
        ),
        Panel(
            "",
            Scale.ROWS,
            [
                Trace(name, role, columns[name].at if name in columns else ())
                for name, role in _ROWS.items()
            ],
            marked.get(VALIDATION, []),
        ),
        Panel(
            "ETA",
            Scale.SECONDS,
            [
                *trace("eta planned", "what is left, at the pace of the log", Role.CONFIG),
                *trace("eta", "the log's", Role.LOG),
            ],
            marked.get(ETA, []),
        ),
        Panel("loss", Scale.NUMBERS, trace("loss", "the log's", Role.LOG)),
    ]
    metrics = [name.removeprefix("metric ") for name in columns if name.startswith("metric ")]
    if metrics:
        traces = [
            one for name in metrics[:_MOST_METRICS]
            for one in trace(f"metric {name}", name, Role.OTHER)
        ]  # fmt: skip
        panels.append(Panel("metrics", Scale.NUMBERS, traces))
    return panels


def _title(diagnosis: Diagnosis) -> str:
    """The log, and the likeliest cause of what was seen."""
    causes = [run.causes[0].cause.name for run in diagnosis.runs if run.is_ill and run.causes]
    name = diagnosis.runs[-1].story.run.path.name
    return f"{name}: {causes[0] if causes else 'nothing wrong'}"
