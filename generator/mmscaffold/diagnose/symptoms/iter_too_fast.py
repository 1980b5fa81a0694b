"""``iter`` of the Runner grows by more than the batches that were run."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.needs import ITERATION
from mmscaffold.diagnose.readings.iterations import advancing
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom

_FEW = 4  # iterations of which nothing can be said


def _find(story: Story) -> Iterator[Evidence]:
    iters = advancing(story)
    if not iters:
        return
    last = len(iters) - 1
    ran = story.iterations(last) - story.iterations(0)
    grown = iters[last] - iters[0]
    if ran >= _FEW and grown > 1.5 * ran:
        text = f"{grown} iterations were counted, but {ran} were run"
        yield Evidence(text, story.run.train.line[last])


SYMPTOM = Symptom(
    name="iter-too-fast",
    text="the global iteration advances by more than one per batch",
    looks='`"iter": 2`, then `"iter": 4` a batch later in `scalars.json`',
    order=530,
    find=_find,
    needs=(ITERATION,),
)
