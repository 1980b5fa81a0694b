"""With each epoch, as many iterations are left again as before it."""

from __future__ import annotations

from mmscaffold.diagnose.needs import ETA
from mmscaffold.diagnose.readings.eta import first_negative, jumps
from mmscaffold.diagnose.symptom import Symptom

SYMPTOM = Symptom(
    name="eta-jumps-back",
    text="the ETA starts over with each epoch",
    looks="`eta: 0:01:30` in the first line of every epoch",
    order=450,
    find=lambda story: jumps(story) if first_negative(story) is None else [],
    needs=(ETA,),
)
