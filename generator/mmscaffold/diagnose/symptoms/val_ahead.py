"""The validation reads an ``epoch`` of the Runner that has advanced too far."""

from __future__ import annotations

from mmscaffold.diagnose.needs import VALIDATION
from mmscaffold.diagnose.readings.validations import misnumbered
from mmscaffold.diagnose.symptom import Symptom

SYMPTOM = Symptom(
    name="val-ahead",
    text="validation shows a later epoch than training",
    looks="train `[1]`, then val `[2]`",
    order=220,
    find=lambda story: misnumbered(story, lambda shown, trained: shown > trained),
    needs=(VALIDATION,),
)
