"""No scheduler steps, or none changes the optimizer that trains."""

from __future__ import annotations

from mmscaffold.diagnose.needs import CONFIG
from mmscaffold.diagnose.readings.frozen_rate import missed_changes
from mmscaffold.diagnose.symptom import Symptom

SYMPTOM = Symptom(
    name="lr-frozen",
    text="the learning rate does not change when its scheduler says it should",
    looks="the same `lr:` before and after a milestone",
    order=610,
    find=lambda story: missed_changes(story)[:3],
    needs=(CONFIG,),
)
