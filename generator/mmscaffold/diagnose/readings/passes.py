"""How the epoch number changes from one pass over the data to the next."""

from __future__ import annotations

import enum
import itertools

from mmscaffold.diagnose.story import Pass, Story, once
from mmscaffold.diagnose.symptom import Evidence


class Step(enum.Enum):
    """What is wrong between two passes over the data."""

    NEVER_ADVANCES = enum.auto()
    STAYS = enum.auto()
    WITHIN_A_PASS = enum.auto()
    BACK = enum.auto()
    TOO_FAR = enum.auto()


@once
def _wrong_steps(story: Story) -> dict[Step, list[Evidence]]:
    """Every wrong step between two passes."""
    if not story.by_epoch:
        return {}
    train = story.run.train
    found: dict[Step, list[Evidence]] = {}
    pairs = list(itertools.pairwise(story.passes))
    advances = any(after.epoch == before.epoch + 1 for before, after in pairs)
    for before, after in pairs:
        step = _step(story, before, after, advances)
        if step is not None:
            text = f"{train.head(after.first)} follows {train.head(before.last)}"
            found.setdefault(step, []).append(Evidence(text, train.line[after.first]))
    if len(found.get(Step.WITHIN_A_PASS, ())) < 2:
        found.pop(Step.WITHIN_A_PASS, None)
    return found


def wrong_steps(story: Story, step: Step) -> list[Evidence]:
    """The first wrong steps of a kind, and how many there are."""
    evidence = _wrong_steps(story).get(step, [])
    found = evidence[:2]
    if len(evidence) > 2:
        found.append(Evidence(f"... {len(evidence)} times in all"))
    return found


def _step(story: Story, before: Pass, after: Pass, advances: bool) -> Step | None:
    """What is wrong between two passes.

    Args:
        story: The run.
        before: The first of them.
        after: The one that follows.
        advances: Whether the number ever advances by one.
    """
    difference = after.epoch - before.epoch
    train = story.run.train
    if difference == 0:
        return Step.STAYS if advances else Step.NEVER_ADVANCES
    if difference < 0:
        return Step.BACK
    # A batch that comes after the last one, within the epoch.
    if train.batch[before.last] < train.batch[after.first] <= train.size[after.first]:
        return Step.WITHIN_A_PASS
    return Step.TOO_FAR if difference > 1 else None
