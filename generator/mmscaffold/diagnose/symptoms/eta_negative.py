"""``max_iters`` is below the first iterations."""

from __future__ import annotations

from mmscaffold.diagnose.needs import ETA
from mmscaffold.diagnose.readings.eta import below_zero, is_negative_from_start
from mmscaffold.diagnose.symptom import Symptom

SYMPTOM = Symptom(
    name="eta-negative",
    text="the ETA is below zero from the start",
    looks="`eta: -1 day, 23:59:59` in the first lines",
    order=410,
    find=lambda story: below_zero(story) if is_negative_from_start(story) else [],
    needs=(ETA,),
)
