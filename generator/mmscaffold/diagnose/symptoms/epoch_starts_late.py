"""The first line of training, where nothing was resumed, is not of epoch 1."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.needs import BEGINNING
from mmscaffold.diagnose.readings.resuming import named_checkpoint
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> Iterator[Evidence]:
    run, train = story.run, story.run.train
    if not story.by_epoch or not run.whole or run.resumed is not None:
        return
    # A Runner may resume in a way of its own, without saying so.
    named = named_checkpoint(run)
    first = 1 if named is None else named[1] + 1
    if train.epoch[0] not in (1, first):
        yield Evidence(f"{train.head(0)} is the first training line", train.line[0])


SYMPTOM = Symptom(
    name="epoch-starts-late",
    text="the first epoch is not 1",
    looks="train begins with `[2]`",
    order=160,
    find=_find,
    needs=(BEGINNING,),
)
