"""Where a run resumed, and where it continued."""

from __future__ import annotations

import re
from dataclasses import dataclass

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


@dataclass(frozen=True)
class UnevenResumption:
    """A resumption in which epochs and iterations do not fit the batches of now.

    Attributes:
        batches: Of an epoch, in the resumed run.
        batches_before: Of an epoch, in the run before, if its log is at hand.
        expected: The iterations of as many epochs as were resumed.
        iterations: Those that were resumed.
        is_within_epoch: Whether the checkpoint is named after an iteration, not an epoch.
    """

    batches: int
    batches_before: int | None
    expected: int
    iterations: int
    is_within_epoch: bool


def uneven_resumption(story: Story) -> UnevenResumption | None:
    """How a resumption does not fit the batches of now; ``None`` if it does, or is unknown."""
    run, train = story.run, story.run.train
    if run.resumed is None or run.resumed.iter == 0 or not train.line or not story.by_epoch:
        return None
    if story.config is not None and story.config.max_epochs is None:
        return None  # an iteration loop in the form of epochs
    batches, resumed = train.size[0], run.resumed
    if batches <= 0 or resumed.epoch * batches == resumed.iter or train.batch[0] > batches:
        return None
    if resumed.epoch == 0 and resumed.iter >= 2 * batches:
        return None  # epochs that were not counted
    named = named_checkpoint(run)
    before = story.before
    sizes = set(before.run.train.size) if before is not None and before.by_epoch else set()
    return UnevenResumption(
        batches,
        sizes.pop() if len(sizes) == 1 else None,
        resumed.epoch * batches,
        resumed.iter,
        named is not None and named[0].startswith("iter_"),
    )
