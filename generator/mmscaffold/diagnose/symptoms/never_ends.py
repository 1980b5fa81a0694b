"""More epochs or iterations are run than the training has."""

from __future__ import annotations

from mmscaffold.diagnose.needs import CONFIG
from mmscaffold.diagnose.readings.ends import beyond_the_end
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> list[Evidence]:
    train, last = story.run.train, len(story.run.train) - 1
    if story.by_epoch or story.only_scalars or not train.line:
        return beyond_the_end(story)
    beyond = train.batch[last] > train.size[last]
    return [Evidence(train.head(last), train.line[last])] if beyond else []


SYMPTOM = Symptom(
    name="never-ends",
    text="training continues past its end",
    looks="train `[13]`, with `max_epochs = 12`",
    order=710,
    find=_find,
    needs=(CONFIG,),
)
