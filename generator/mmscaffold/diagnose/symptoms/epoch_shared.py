"""The number advances, but not with each pass over the data."""

from __future__ import annotations

from mmscaffold.diagnose.needs import TWO_PASSES
from mmscaffold.diagnose.readings.passes import Step, wrong_steps
from mmscaffold.diagnose.symptom import Symptom

SYMPTOM = Symptom(
    name="epoch-shared",
    text="several passes over the data share one epoch",
    looks="train `[1]`, `[1]`, `[2]`, `[2]`",
    order=120,
    find=lambda story: wrong_steps(story, Step.STAYS),
    needs=(TWO_PASSES,),
)
