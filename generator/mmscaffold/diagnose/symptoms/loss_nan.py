"""A loss is nan or infinite."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> Iterator[Evidence]:
    if story.run.train.line and story.run.nan_line is not None:
        yield Evidence("the first such loss", story.run.nan_line)


SYMPTOM = Symptom(
    name="loss-nan",
    text="the loss is not a number",
    looks="`loss: nan`",
    order=910,
    find=_find,
)
