"""The numbers that validations give to the epoch that was trained before them."""

from __future__ import annotations

from collections.abc import Callable

from mmscaffold.diagnose.history import NO_EPOCH
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
        if trained is None or NO_EPOCH in (trained, one.epoch) or not is_wrong(one.epoch, trained):
            continue
        text = f"Epoch(val) [{one.epoch}] follows Epoch(train) [{trained}]"
        found.append(Evidence(text, one.line))
    return found[:2]
