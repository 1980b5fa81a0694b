"""The log shows ``epoch + 1`` of the Runner, and that never advances."""

from __future__ import annotations

from mmscaffold.diagnose.needs import TWO_PASSES
from mmscaffold.diagnose.readings.passes import Step, wrong_steps
from mmscaffold.diagnose.symptom import Symptom

SYMPTOM = Symptom(
    name="epoch-repeats",
    text="the same epoch again and again",
    looks="train `[1]`, `[1]`, `[1]`",
    order=110,
    find=lambda story: wrong_steps(story, Step.NEVER_ADVANCES),
    needs=(TWO_PASSES,),
)
