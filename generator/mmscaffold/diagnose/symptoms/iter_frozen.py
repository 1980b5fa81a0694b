"""``iter`` of the Runner never advances."""

from __future__ import annotations

from mmscaffold.diagnose.needs import ITERATION
from mmscaffold.diagnose.readings.iterations import counted, stands
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> list[Evidence]:
    if not stands(story):
        return []
    return [Evidence(f"every training line is at iteration {counted(story)[0]}")]


SYMPTOM = Symptom(
    name="iter-frozen",
    text="the global iteration stands still",
    looks='`"iter": 1` in every line of `scalars.json`',
    order=510,
    find=_find,
    needs=(ITERATION,),
)
