"""The ETA, which mmengine's IterTimerHook computes from ``max_iters`` and ``iter``.

It is the mean time of an iteration times those that are left. What a log shows of both is
compared with the batches that were really run.
"""

from __future__ import annotations

import datetime
import itertools
from array import array

from mmscaffold.diagnose.history import is_number
from mmscaffold.diagnose.story import Story, once
from mmscaffold.diagnose.symptom import Evidence

VISIBLE = 2.0  # seconds; the log cuts off the rest


@once
def shown(story: Story) -> array[int]:
    """The lines of training that have an ETA."""
    eta = story.run.train.eta
    return array("q", (index for index in range(len(eta)) if is_number(eta[index])))


@once
def first_negative(story: Story) -> int | None:
    """The first line whose ETA is below zero."""
    eta = story.run.train.eta
    return next((index for index in shown(story) if eta[index] < 0), None)


def is_negative_from_start(story: Story) -> bool:
    """Whether no ETA is above zero before the first one below it."""
    eta, negative = story.run.train.eta, first_negative(story)
    return negative is not None and not any(
        eta[index] > 0 for index in shown(story) if index < negative
    )


def below_zero(story: Story) -> list[Evidence]:
    """The first and the last ETA, where the first is below zero."""
    negative = first_negative(story)
    if negative is None:
        return []
    last = shown(story)[-1]
    return [at(story, one) for one in dict.fromkeys((negative, last))]


def at(story: Story, index: int) -> Evidence:
    """The ETA of a line of training."""
    train = story.run.train
    eta = datetime.timedelta(seconds=int(train.eta[index]))
    return Evidence(f"{train.head(index)} eta: {eta}", train.line[index])


@once
def jumps(story: Story) -> list[Evidence]:
    """Where the ETA starts again, if it does so with nearly every epoch.

    A healthy ETA rises where something takes long; it does not get back, time after time, to
    where the last epoch began after that epoch took much of it away.
    """
    eta, iters, found = story.run.train.eta, story.iters, []
    if iters and all(before <= after for before, after in itertools.pairwise(iters)):
        return []
    for before, after in itertools.pairwise(story.passes):
        begin, end, again = eta[before.first], eta[before.last], eta[after.first]
        taken = begin - end
        if taken >= max(VISIBLE, 0.15 * begin) and again >= begin - 0.2 * taken:
            found.append(at(story, after.first))
    enough = max(2, 0.8 * (len(story.passes) - 1))
    return found[:2] if len(found) >= enough else []
