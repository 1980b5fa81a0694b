"""RuntimeInfoHook and IterTimerHook record both before an iteration, if they are called."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.readings import eta, rates
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> Iterator[Evidence]:
    train = story.run.train
    if train.line and not rates.shown(story) and not eta.shown(story) and not story.only_scalars:
        yield Evidence(train.head(0), train.line[0])


SYMPTOM = Symptom(
    name="no-lr-eta",
    text="neither a learning rate nor an ETA",
    looks="lines of training without `lr:` and `eta:`",
    order=330,
    find=_find,
)
