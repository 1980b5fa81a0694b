"""Where a run parts from what its config plans, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mmscaffold.diagnose.causes import Cause
from mmscaffold.diagnose.diagnosis import RunDiagnosis
from mmscaffold.diagnose.history import NO_EPOCH
from mmscaffold.diagnose.planned import Plan
from mmscaffold.diagnose.readings import eta
from mmscaffold.diagnose.readings.curve import comparison, comparison_with_own
from mmscaffold.diagnose.readings.resuming import uneven_resumption
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import SeenSymptom

RATE, EPOCH, VALIDATION, ETA, LENGTH, RUN = (
    "learning rate", "epoch", "validation", "ETA", "length", "run",
)  # fmt: skip
# The hundreds of a symptom's place are its subject.
_HUNDREDS = {EPOCH: (1, 5), VALIDATION: (2,), ETA: (4,), RATE: (6,), LENGTH: (7,)}
_OF_THE_RATE = ("resume-keeps-schedule",)
_LATER = 1 << 62


@dataclass(frozen=True)
class Parting:
    """The first point where one thing is not as planned.

    Attributes:
        subject: What: the learning rate, the epoch, ...
        index: The line of training, among those of the run.
        line: The line of the log.
        text: What is there, and what was planned.
        cause: Why, if that is known.
    """

    subject: str
    index: int
    line: int
    text: str
    cause: Cause | None = None

    def __str__(self) -> str:
        why = "" if self.cause is None else f" ({self.cause.name})"
        return f"{self.subject}, line {self.line}: {self.text}{why}"


def partings(run: RunDiagnosis, plan: Plan | None) -> list[Parting]:
    """The first point of each subject where a run parts from its plan, in order.

    Args:
        run: The run, with its symptoms and causes.
        plan: What its config plans, where that is known.
    """
    story = run.story
    if not story.run.train.line:
        return []
    found = [*_of_the_rate(story), *_of_epochs(story), *_of_the_eta(story)]
    if plan is not None:
        found += _of_validations(story, plan)
        found += _of_the_length(story, plan)
    subjects = {one.subject for one in found}
    for seen in run.seen:
        subject = _subject(seen)
        if seen.symptom.is_note or subject in subjects:
            continue
        line = next((one.line for one in seen.evidence if one.line is not None), None)
        if line is not None:
            subjects.add(subject)
            text = f"{seen.symptom.text}: {seen.evidence[0].text}"
            found.append(Parting(subject, _index_at(story, line), line, text))
    found.sort(key=lambda one: one.line)
    return [
        Parting(one.subject, one.index, one.line, one.text, _cause(run, one.subject))
        for one in found
    ]


def _subject(seen: SeenSymptom) -> str:
    if seen.symptom.name in _OF_THE_RATE:
        return RATE
    hundred = seen.symptom.order // 100
    return next((name for name, some in _HUNDREDS.items() if hundred in some), RUN)


def _cause(run: RunDiagnosis, subject: str) -> Cause | None:
    """The likeliest cause of a symptom of the subject; that of anything where none has one."""
    names = {one.symptom.name for one in run.seen if _subject(one) == subject}
    fitting = [one for one in run.causes if names & {each.name for each in one.explains}]
    return next((one.cause for one in (*fitting, *run.causes)), None)


def _index_at(story: Story, line: int) -> int:
    """The first line of training at a line of the log, or behind it."""
    lines = story.run.train.line
    return next((i for i, one in enumerate(lines) if one >= line), len(lines) - 1)


def _of_the_rate(story: Story) -> Iterator[Parting]:
    resumed = story.run.resumed is not None
    if (not story.run.whole and not resumed) or uneven_resumption(story) is not None:
        return
    own, kept = comparison_with_own(story), comparison(story)
    for one, whose in ((own, "the schedulers of the config"), (kept, "the schedulers")):
        if one is not None and one.departure is not None:
            seen = one.departure.seen_in(story, whose)
            index = one.departure.index
            yield Parting(RATE, index, story.run.train.line[index], seen.text)
            return


def _of_epochs(story: Story) -> Iterator[Parting]:
    train = story.run.train
    if not story.by_epoch or story.only_scalars:
        return
    for number, one in enumerate(story.passes):
        due = story.epochs_before + number + 1
        # The batches of an iteration loop count through.
        if one.epoch not in (due, NO_EPOCH) and train.batch[one.first] <= train.size[one.first]:
            text = f"{train.head(one.first)} is in epoch {due}"
            yield Parting(EPOCH, one.first, train.line[one.first], text)
            return


def _of_the_eta(story: Story) -> Iterator[Parting]:
    index = eta.first_negative(story)
    if index is not None:
        seen = eta.at(story, index)
        yield Parting(ETA, index, story.run.train.line[index], f"{seen.text}, below zero")


def _of_validations(story: Story, plan: Plan) -> Iterator[Parting]:
    """The first validation that was not planned, or was planned and left out."""
    train = story.run.train
    if story.only_scalars or not story.run.whole or story.run.stopped_early is not None:
        return
    start, last = story.iterations_done[0], story.iterations_done[-1] + 1
    planned = [one for one in plan.validations if one > start]
    within = []
    for one in story.run.validations:
        before = story.iterations_done[one.after - 1] + 1 if one.after else start
        behind = story.iterations_done[one.after] if one.after < len(train) else _LATER
        within.append((before, behind, one))
    for before, behind, one in within:
        if planned and before <= planned[0] <= behind:
            planned.pop(0)
            continue
        if planned and planned[0] < before:
            break
        index = max(one.after - 1, 0)
        text = f"a validation after {train.head(index)}; none is planned there"
        yield Parting(VALIDATION, index, one.line, text)
        return
    # One that is planned for the last line may still come.
    if planned and planned[0] < last:
        done = story.iterations_done
        index = next(i for i, one in enumerate(done) if one >= planned[0])
        text = f"{train.head(index)} comes without the validation planned before it"
        yield Parting(VALIDATION, index, train.line[index], text)


def _of_the_length(story: Story, plan: Plan) -> Iterator[Parting]:
    for index, done in enumerate(story.iterations_done):
        if done >= plan.iterations:
            head = story.run.train.head(index)
            text = f"{head} comes after the planned {plan.iterations} iterations"
            yield Parting(LENGTH, index, story.run.train.line[index], text)
            return
