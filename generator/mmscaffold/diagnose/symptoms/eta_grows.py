"""As many iterations are left as before, while the mean time of one grows with all time."""

from __future__ import annotations

from mmscaffold.diagnose.needs import ETA
from mmscaffold.diagnose.readings.eta_trend import Trend, without_falling
from mmscaffold.diagnose.symptom import Symptom

SYMPTOM = Symptom(
    name="eta-grows",
    text="the ETA grows",
    looks="`eta: 0:00:09`, later `eta: 0:01:30`",
    order=430,
    find=lambda story: without_falling(story, Trend.GROWS),
    needs=(ETA,),
)
