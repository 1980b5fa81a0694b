"""The hook after_train_iter was called twice for a batch."""

from __future__ import annotations

from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> list[Evidence]:
    train, twice = story.run.train, sorted(story.logged_twice)
    if len(twice) <= 2:
        return []
    return [Evidence(f"{train.head(one)} again", train.line[one]) for one in twice[:2]]


SYMPTOM = Symptom(
    name="lines-twice",
    text="batches are logged twice",
    looks="train `[1][1/4]`, `[1][1/4]`, `[1][2/4]`, `[1][2/4]`",
    order=320,
    find=_find,
)
