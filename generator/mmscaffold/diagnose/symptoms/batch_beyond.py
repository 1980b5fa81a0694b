"""The batch of a line is past the length of the dataloader."""

from __future__ import annotations

from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> list[Evidence]:
    if not story.by_epoch:
        return []
    train, last = story.run.train, len(story.run.train) - 1
    for index in range(len(train)):
        if 0 < train.size[index] < train.batch[index]:
            return [
                Evidence(train.head(at), train.line[at]) for at in dict.fromkeys((index, last))
            ]
    return []


SYMPTOM = Symptom(
    name="batch-beyond",
    text="the batch index exceeds the number of batches",
    looks="train `[1][12/4]`",
    order=340,
    find=_find,
)
