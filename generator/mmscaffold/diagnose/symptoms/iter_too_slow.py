"""``iter`` of the Runner grows by less than the batches that were run."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.needs import ITERATION
from mmscaffold.diagnose.readings.cut_epochs import cut_epochs
from mmscaffold.diagnose.readings.iterations import advancing
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom

_FEW = 4  # iterations of which nothing can be said


def _find(story: Story) -> Iterator[Evidence]:
    iters = advancing(story)
    if not iters:
        return
    first, last = 0, len(iters) - 1
    if story.iterations(last) - story.iterations(first) < _FEW or cut_epochs(story):
        return
    if _is_slow(story, iters, first, last) and _is_slow_within_an_epoch(story, iters):
        ran = story.iterations(last) - story.iterations(first)
        text = f"{iters[last] - iters[first]} iterations were counted, but {ran} were run"
        yield Evidence(text, story.run.train.line[last])


def _is_slow(story: Story, iters: list[int], first: int, last: int) -> bool:
    grown = iters[last] - iters[first]
    return grown < 0.7 * (story.iterations(last) - story.iterations(first))


def _is_slow_within_an_epoch(story: Story, iters: list[int]) -> bool:
    """Whether it is so from batch to batch: an epoch may end before its last one."""
    return any(
        _is_slow(story, iters, one.first, one.last) for one in story.passes if one.last > one.first
    )


SYMPTOM = Symptom(
    name="iter-too-slow",
    text="the global iteration does not advance with every batch",
    looks='`"iter": 1`, then `"iter": 1` a batch later, then `"iter": 2` in `scalars.json`',
    order=535,
    find=_find,
    needs=(ITERATION,),
)
