"""More iterations are counted than ``max_iters``."""

from __future__ import annotations

from mmscaffold.diagnose.needs import ETA
from mmscaffold.diagnose.readings.eta import below_zero, is_negative_from_start
from mmscaffold.diagnose.symptom import Symptom

SYMPTOM = Symptom(
    name="eta-turns-negative",
    text="the ETA falls below zero",
    looks="`eta: 0:00:09`, later `eta: -1 day, 23:59:51`",
    order=420,
    find=lambda story: [] if is_negative_from_start(story) else below_zero(story),
    needs=(ETA,),
)
