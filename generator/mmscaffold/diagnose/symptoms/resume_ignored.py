"""The Runner resumes by assigning ``_epoch`` and ``_iter``, which nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.needs import START
from mmscaffold.diagnose.readings.resuming import named_checkpoint, restored_nothing, said
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> Iterator[Evidence]:
    run, named = story.run, named_checkpoint(story.run)
    if run.resumed is None or run.loaded is None or named is None or not restored_nothing(story):
        return
    yield said(run.resumed)
    yield Evidence(f"from {named[0]}", run.loaded[0])


SYMPTOM = Symptom(
    name="resume-ignored",
    text="resuming does not restore the epoch",
    looks="`resumed epoch: 0, iter: 0` from `epoch_2.pth`",
    order=810,
    find=_find,
    needs=(START,),
)
