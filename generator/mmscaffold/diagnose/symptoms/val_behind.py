"""The validation reads ``epoch`` of the Runner before that has advanced."""

from __future__ import annotations

from mmscaffold.diagnose.needs import VALIDATION
from mmscaffold.diagnose.readings.validations import misnumbered
from mmscaffold.diagnose.symptom import Symptom

SYMPTOM = Symptom(
    name="val-behind",
    text="validation shows an earlier epoch than training",
    looks="train `[1]`, then val `[0]`",
    order=210,
    find=lambda story: misnumbered(story, lambda shown, trained: shown < trained),
    needs=(VALIDATION,),
)
