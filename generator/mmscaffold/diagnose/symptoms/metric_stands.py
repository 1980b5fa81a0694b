"""A metric is empty, or the same, in every validation."""

from __future__ import annotations

from mmscaffold.diagnose.needs import VALIDATION
from mmscaffold.diagnose.readings.metrics import empty_metrics, standing_metrics
from mmscaffold.diagnose.symptom import Symptom

SYMPTOM = Symptom(
    name="metric-stands",
    text="a metric is 0, or the same, in all validations",
    looks="`coco/bbox_mAP: 0.0000` after every epoch",
    order=260,
    find=lambda story: [*empty_metrics(story), *standing_metrics(story)],
    needs=(VALIDATION,),
    is_note=True,
    only_alone=True,
)
