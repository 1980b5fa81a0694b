"""Epochs end before their last batch."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.needs import TWO_PASSES
from mmscaffold.diagnose.readings.cut_epochs import cut_epochs
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> Iterator[Evidence]:
    train, cut = story.run.train, cut_epochs(story)
    for one in cut[:2]:
        text = f"{train.head(one.last)} is the last line of its epoch"
        yield Evidence(text, train.line[one.last])
    if len(cut) > 2:
        yield Evidence(f"... {len(cut)} times in all")


SYMPTOM = Symptom(
    name="epoch-cut-short",
    text="epochs end before their last batch",
    looks="train `[1][40/60]`, `[1][50/60]`, then `[2][10/60]`",
    order=170,
    find=_find,
    needs=(TWO_PASSES,),
)
