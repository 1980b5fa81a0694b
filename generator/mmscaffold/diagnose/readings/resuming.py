"""Where a run resumed, and where it continued."""

from __future__ import annotations

import re

from mmscaffold.diagnose.history import Resumption, Run
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence

_NAME = re.compile(r"(epoch|iter)_(\d{1,15})\.pth$")


def named_checkpoint(run: Run) -> tuple[str, int] | None:
    """The name of the checkpoint that a run started from, and the number in it."""
    found = _NAME.search(run.loaded[1]) if run.loaded is not None else None
    return None if found is None else (found[0], int(found[2]))


def said(resumed: Resumption) -> Evidence:
    """What the Runner said that it resumed."""
    return Evidence(f"resumed epoch: {resumed.epoch}, iter: {resumed.iter}", resumed.line)


def restored_nothing(story: Story) -> bool:
    """Whether the Runner resumed at 0 from a checkpoint that is named after a later step."""
    resumed, named = story.run.resumed, named_checkpoint(story.run)
    return (
        resumed is not None
        and named is not None
        and named[1] > 0
        and resumed.epoch == resumed.iter == 0
    )


def first_line_after(story: Story) -> Evidence:
    """The first line of training after a resumption."""
    train = story.run.train
    return Evidence(f"{train.head(0)} is the first training line after it", train.line[0])


def begins_late_by(story: Story) -> int:
    """How many epochs, or iterations, lie between what was resumed and the first line.

    Below zero if it starts over; 0 where there is no line, or nothing was resumed.
    """
    resumed, train = story.run.resumed, story.run.train
    if resumed is None or not train.line:
        return 0
    if not story.by_epoch:
        return train.batch[0] - (resumed.iter + 1)
    if train.batch[0] > train.size[0] > 0:
        return 0  # an iteration loop in the form of epochs
    return train.epoch[0] - 1 - resumed.epoch
