"""``iter`` of the Runner falls from one line to the next."""

from __future__ import annotations

from mmscaffold.diagnose.needs import ITERATION
from mmscaffold.diagnose.readings.iterations import counted, first_step_back
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> list[Evidence]:
    index, iters = first_step_back(story), counted(story)
    if index is None:
        return []
    text = f"iteration {iters[index]} follows {iters[index - 1]}"
    return [Evidence(text, story.run.train.line[index])]


SYMPTOM = Symptom(
    name="iter-goes-back",
    text="the global iteration goes back",
    looks='`"iter": 4`, then `"iter": 1` in `scalars.json`',
    order=520,
    find=_find,
    needs=(ITERATION,),
)
