"""As many iterations are left as before."""

from __future__ import annotations

from mmscaffold.diagnose.needs import ETA
from mmscaffold.diagnose.readings.eta_trend import Trend, without_falling
from mmscaffold.diagnose.symptom import Symptom

SYMPTOM = Symptom(
    name="eta-frozen",
    text="the ETA stands still",
    looks="`eta: 0:01:30` in every line",
    order=440,
    find=lambda story: without_falling(story, Trend.STANDS),
    needs=(ETA,),
)
