"""What is saved or validated was trained, and so should have a line.

A validation alone is not training, and a short iteration loop may end before its first
line is due.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom

_QUIET = 1000  # iterations that a training may run without a line, by its interval


def _find(story: Story) -> Iterator[Evidence]:
    run = story.run
    if run.train.line or run.unread_lines:
        return
    epochs = [one for one in run.saved if one.by_epoch]
    long = [one for one in run.saved if not one.by_epoch and one.number >= _QUIET]
    if epochs or long:
        one = (epochs or long)[0]
        unit = "epochs" if one.by_epoch else "iterations"
        text = f"checkpoint at {one.number} {unit}, with no training line before it"
        yield Evidence(text, one.line)
    elif any(one.epoch > 0 for one in run.validations):
        first = next(one for one in run.validations if one.epoch > 0)
        text = f"Epoch(val) [{first.epoch}], with no training line before it"
        yield Evidence(text, first.line)


SYMPTOM = Symptom(
    name="no-train-lines",
    text="no training lines",
    looks="`Saving checkpoint at 1 epochs`, and no `(train)` before it",
    order=310,
    find=_find,
)
