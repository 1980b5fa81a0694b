"""The ETA, which mmengine's IterTimerHook computes from ``max_iters`` and ``iter``.

It is the mean time of an iteration times those that are left. What a log shows of both is
compared with the batches that were really run.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator

from mmscaffold.diagnose.history import is_number
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptoms.symptom import Evidence, Seen, Symptom

_GROWTH = 2.5  # how many times more iterations must be left than at the start
_VISIBLE = 2.0  # seconds; the log cuts off the rest


def find(story: Story) -> Iterator[Seen]:
    """Symptoms in the ETA."""
    eta = story.run.train.eta
    shown = [index for index in range(len(eta)) if is_number(eta[index])]
    if not shown:
        return
    negative = next((index for index in shown if eta[index] < 0), None)
    if negative is not None:
        from_start = not any(eta[index] > 0 for index in shown if index < negative)
        symptom = Symptom.ETA_NEGATIVE if from_start else Symptom.ETA_TURNS_NEGATIVE
        last = shown[-1]
        evidence = [_at(story, negative)]
        if last != negative:
            evidence.append(_at(story, last))
        yield Seen(symptom, evidence)
        return
    jumps = _jumps(story)
    if jumps:
        yield Seen(Symptom.ETA_JUMPS_BACK, jumps)
    else:
        yield from _trend(story, shown)
    yield from _end(story, shown[-1])


def _at(story: Story, index: int) -> Evidence:
    train = story.run.train
    eta = datetime.timedelta(seconds=int(train.eta[index]))
    return Evidence(f"{train.head(index)} eta: {eta}", train.line[index])


def _jumps(story: Story) -> list[Evidence]:
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
        if taken >= max(_VISIBLE, 0.15 * begin) and again >= begin - 0.2 * taken:
            found.append(_at(story, after.first))
    enough = max(2, 0.8 * (len(story.passes) - 1))
    return found[:2] if len(found) >= enough else []


def _trend(story: Story, shown: list[int]) -> Iterator[Seen]:
    """Whether the iterations that are left, by the ETA, become fewer as they are run."""
    if len(shown) < 4:
        return
    eta, mean = story.run.train.eta, story.seconds_per_iteration
    first, last = shown[0], shown[-1]
    # The first lines may be of fast or slow iterations, of which the ETA knows more than the
    # line shows. The log cuts off parts of a second.
    early = shown[: max(1, len(shown) // 4)]
    at_start = max((eta[index] + 1) / mean[index] if mean[index] else 0.0 for index in early)
    if not at_start or not mean[last]:
        return
    at_end = eta[last] / mean[last]
    ran = story.iterations(last) - story.iterations(first)
    evidence = [_at(story, first), _at(story, last)]
    # One long pause lifts the mean, and so the ETA, for some time; then it falls again.
    highest, lowest = max(eta[index] for index in shown), min(eta[index] for index in shown)
    middle = eta[shown[len(shown) // 2]]
    rises = eta[first] < middle < eta[last] and eta[last] > 0.95 * highest
    stands = lowest > 0.7 * highest
    if at_end > _GROWTH * at_start and eta[last] > 2 * eta[first] + _VISIBLE and rises:
        yield Seen(Symptom.ETA_GROWS, evidence)
    elif stands and ran > 0.8 * at_start and at_end > 0.7 * at_start and lowest > 2 * _VISIBLE:
        yield Seen(Symptom.ETA_FROZEN, evidence)


def _end(story: Story, last: int) -> Iterator[Seen]:
    """Whether the ETA still hopes for more in the last epoch of all."""
    train, config = story.run.train, story.config
    if config is None or config.max_epochs is None or not story.by_epoch:
        return
    if story.epochs_before + len(story.passes) != config.max_epochs or last < len(train) - 1:
        return
    left = train.size[last] - train.batch[last]
    # What starting each epoch takes is in the ETA, and not in the time of a line: the ETA of
    # two ends of epochs tells it.
    mean = max(story.seconds_per_iteration[last], _pace(story, last))
    if left < 0 or not mean:
        return
    more = train.eta[last] - 1.5 * left * mean
    if more > _VISIBLE and more > train.size[last] * mean:
        yield Seen(Symptom.ETA_NEVER_ZERO, [_at(story, last)])


def _pace(story: Story, last: int) -> float:
    """Seconds per iteration, by how the ETA fell of late; 0 if it did not."""
    since = [story.passes[-1].first]
    if len(story.passes) > 1:
        since.append(story.passes[-2].last)
    eta, paces = story.run.train.eta, [0.0]
    for before in since:
        ran = story.iterations(last) - story.iterations(before)
        if ran > 0:
            paces.append((eta[before] - eta[last]) / ran)
    return max(paces)
