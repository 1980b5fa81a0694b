"""The ETA still hopes for more in the last epoch of all."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.needs import CONFIG, ETA
from mmscaffold.diagnose.readings.ends import epochs_begun
from mmscaffold.diagnose.readings.eta import VISIBLE, at, first_negative, shown
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> Iterator[Evidence]:
    if not shown(story) or first_negative(story) is not None:
        return
    last = shown(story)[-1]
    train, config = story.run.train, story.config
    if config is None or config.max_epochs is None or not story.by_epoch:
        return
    if epochs_begun(story) != config.max_epochs or last < len(train) - 1:
        return
    left = train.size[last] - train.batch[last]
    # What starting each epoch takes is in the ETA, and not in the time of a line: the ETA of
    # two ends of epochs tells it.
    mean = max(story.seconds_per_iteration[last], _pace(story, last))
    if left < 0 or not mean:
        return
    more = train.eta[last] - 1.5 * left * mean
    if more > VISIBLE and more > train.size[last] * mean:
        yield at(story, last)


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


SYMPTOM = Symptom(
    name="eta-never-zero",
    text="the ETA does not reach zero",
    looks="`eta: 0:05:00` in the last line",
    order=460,
    find=_find,
    needs=(ETA, CONFIG),
    at_end=True,
)
