"""The number falls from one pass over the data to the next."""

from __future__ import annotations

from mmscaffold.diagnose.needs import TWO_PASSES
from mmscaffold.diagnose.readings.passes import Step, wrong_steps
from mmscaffold.diagnose.symptom import Symptom

SYMPTOM = Symptom(
    name="epoch-goes-back",
    text="the epoch goes back",
    looks="train `[3]`, then `[1]`",
    order=140,
    find=lambda story: wrong_steps(story, Step.BACK),
    needs=(TWO_PASSES,),
)
