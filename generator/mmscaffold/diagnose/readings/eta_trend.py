"""Whether the iterations that are left, by the ETA, become fewer as they are run."""

from __future__ import annotations

import enum

from mmscaffold.diagnose.readings.eta import VISIBLE, at, first_negative, jumps, shown
from mmscaffold.diagnose.story import Story, once
from mmscaffold.diagnose.symptom import Evidence

_GROWTH = 2.5  # how many times more iterations must be left than at the start


class Trend(enum.Enum):
    """How an ETA goes that does not fall."""

    GROWS = enum.auto()
    STANDS = enum.auto()


def without_falling(story: Story, trend: Trend) -> list[Evidence]:
    """The first and the last ETA, where it goes in a certain way instead of falling."""
    if _trend(story) is not trend:
        return []
    return [at(story, shown(story)[0]), at(story, shown(story)[-1])]


@once
def _trend(story: Story) -> Trend | None:
    lines = shown(story)
    if len(lines) < 4 or first_negative(story) is not None or jumps(story):
        return None
    eta, mean = story.run.train.eta, story.seconds_per_iteration
    first, last = lines[0], lines[-1]
    # The first lines may be of fast or slow iterations, of which the ETA knows more than the
    # line shows. The log cuts off parts of a second.
    early = lines[: max(1, len(lines) // 4)]
    at_start = max((eta[index] + 1) / mean[index] if mean[index] else 0.0 for index in early)
    if not at_start or not mean[last]:
        return None
    at_end = eta[last] / mean[last]
    ran = story.iterations(last) - story.iterations(first)
    # One long pause lifts the mean, and so the ETA, for some time; then it falls again.
    highest, lowest = max(eta[index] for index in lines), min(eta[index] for index in lines)
    middle = eta[lines[len(lines) // 2]]
    rises = eta[first] < middle < eta[last] and eta[last] > 0.95 * highest
    stands = lowest > 0.7 * highest
    if at_end > _GROWTH * at_start and eta[last] > 2 * eta[first] + VISIBLE and rises:
        return Trend.GROWS
    if stands and ran > 0.8 * at_start and at_end > 0.7 * at_start and lowest > 2 * VISIBLE:
        return Trend.STANDS
    return None
