"""The log ends before the last epoch: the training may still run."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.needs import CONFIG
from mmscaffold.diagnose.readings.ends import beyond_the_end, epochs_begun, epochs_wanted
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> Iterator[Evidence]:
    run, maximum = story.run, epochs_wanted(story)
    if maximum is None or beyond_the_end(story) or epochs_begun(story) >= maximum:
        return
    if run.stopped_early is not None or not story.is_last or not run.is_finite:
        return
    if run.crash is not None:
        # It is known why.
        return
    train, last = run.train, len(run.train) - 1
    text = f"{train.head(last)} is the last line, in epoch {epochs_begun(story)} of {maximum}"
    yield Evidence(text, train.line[last])
    if any(one.by_epoch and one.after == len(train) for one in run.saved):
        yield Evidence("that epoch was finished", run.saved[-1].line)


SYMPTOM = Symptom(
    name="ends-early",
    text="training ends before its last epoch",
    looks="train `[7]` in the last line, with `max_epochs = 12`",
    order=720,
    find=_find,
    needs=(CONFIG,),
    is_note=True,
    at_end=True,
)
