"""The first line after a resumption is of an epoch that was finished before it."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.needs import START
from mmscaffold.diagnose.readings.resuming import begins_late_by, first_line_after, said
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> Iterator[Evidence]:
    resumed = story.run.resumed
    if resumed is not None and begins_late_by(story) < 0:
        yield said(resumed)
        yield first_line_after(story)


SYMPTOM = Symptom(
    name="resume-restarts",
    text="a resumed run starts over",
    looks="`resumed epoch: 2`, then train `[1]`",
    order=820,
    find=_find,
    needs=(START,),
)
