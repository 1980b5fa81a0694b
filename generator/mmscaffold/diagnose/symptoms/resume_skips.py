"""Epoch and iteration do not fit each other, or not the first line after a resumption."""

from __future__ import annotations

from mmscaffold.diagnose.needs import START
from mmscaffold.diagnose.readings.resuming import (
    begins_late_by,
    first_line_after,
    restored_nothing,
    said,
)
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> list[Evidence]:
    resumed = story.run.resumed
    if resumed is None:
        return _half(story)
    if _disagree(story) and not restored_nothing(story):
        return [said(resumed)]
    if story.by_epoch and begins_late_by(story) > 0:
        return [said(resumed), first_line_after(story)]
    return []


def _disagree(story: Story) -> bool:
    """Whether epoch and iteration cannot be of the same checkpoint."""
    resumed = story.run.resumed
    assert resumed is not None
    if resumed.epoch > 0 and resumed.iter == 0:
        return True
    counts_epochs = story.config is not None and story.config.max_epochs is not None
    size = story.run.train.size[0] if story.run.train.line and story.by_epoch else 0
    return counts_epochs and resumed.epoch == 0 and 0 < 2 * size <= resumed.iter


def _half(story: Story) -> list[Evidence]:
    """A Runner that resumes in its own way, and forgets the iteration."""
    train, iters = story.run.train, story.iters
    if story.run.loaded is None or not story.by_epoch or not iters or train.epoch[0] < 2:
        return []
    if iters[0] != train.batch[0] or train.batch[0] > train.size[0]:
        return []
    text = f"{train.head(0)} is iteration {iters[0]} of the training"
    return [Evidence(text, train.line[0])]


SYMPTOM = Symptom(
    name="resume-skips",
    text="the epoch or the iteration jumps on resuming",
    looks="`resumed epoch: 2, iter: 0`",
    order=830,
    find=_find,
    needs=(START,),
)
