"""The numbers that validations give to the epoch that was trained before them."""

from __future__ import annotations

from collections.abc import Callable

from mmscaffold.diagnose.history import NO_EPOCH
from mmscaffold.diagnose.readings.refutations import is_within_epoch
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence


def misnumbered(story: Story, is_wrong: Callable[[int, int], bool]) -> list[Evidence]:
    """The first validations of another epoch than was trained.

    Args:
        story: The run.
        is_wrong: Whether a validation's number and that of the epoch before it disagree.
    """
    found = []
    for one in story.run.validations:
        trained = story.label_before(one)
        if trained is None or NO_EPOCH in (trained, one.epoch):
            continue
        # Within an epoch, only those before it are over.
        finished = trained - 1 if is_within_epoch(story, one) else trained
        if not is_wrong(one.epoch, finished):
            continue
        text = f"Epoch(val) [{one.epoch}] follows Epoch(train) [{trained}]"
        found.append(Evidence(text, one.line))
    return found[:2]
