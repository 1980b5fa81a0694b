"""The number changes before the dataloader is through."""

from __future__ import annotations

from mmscaffold.diagnose.readings.passes import Step, wrong_steps
from mmscaffold.diagnose.symptom import Symptom

SYMPTOM = Symptom(
    name="epoch-too-fast",
    text="the epoch number changes within an epoch",
    looks="train `[1][1/4]`, `[2][2/4]`",
    order=130,
    find=lambda story: wrong_steps(story, Step.WITHIN_A_PASS),
)
