"""The number grows by more than one from one pass over the data to the next."""

from __future__ import annotations

from mmscaffold.diagnose.needs import TWO_PASSES
from mmscaffold.diagnose.readings.passes import Step, wrong_steps
from mmscaffold.diagnose.symptom import Symptom

SYMPTOM = Symptom(
    name="epoch-skips",
    text="epochs are skipped",
    looks="train `[1]`, `[3]`, `[5]`",
    order=150,
    find=lambda story: wrong_steps(story, Step.TOO_FAR),
    needs=(TWO_PASSES,),
)
