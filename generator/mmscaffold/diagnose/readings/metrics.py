"""What the validations of a run measured, all of them together."""

from __future__ import annotations

import math

from mmscaffold.diagnose.story import Story, once
from mmscaffold.diagnose.symptom import Evidence

_FEWEST_EMPTY, _FEWEST_SAME = 2, 3  # validations
_MOST = 3  # metrics that are named


@once
def empty_metrics(story: Story) -> list[Evidence]:
    """Metrics that are 0, -1 or nan in all validations.

    Only the first of a group counts: ``bbox_mAP_s`` is -1 where nothing is small.
    """
    measured = _measured(story)
    if len(measured) < _FEWEST_EMPTY:
        return []
    line = next(one.line for one in reversed(story.run.validations) if one.metrics)
    found = []
    for name in headlines(list(measured[0])):
        values = [one.get(name, 1.0) for one in measured]
        if all(value in (0.0, -1.0) or math.isnan(value) for value in values):
            shown = " or ".join(dict.fromkeys(f"{value:g}" for value in values))
            text = f"{name} is {shown} in all {len(values)} validations"
            found.append(Evidence(text, line))
    return found[:_MOST]


@once
def standing_metrics(story: Story) -> list[Evidence]:
    """All metrics, where none of them changes from validation to validation.

    Whole numbers may be counts, which stay the same in a healthy run; shares do not.
    """
    measured = _measured(story)
    if len(measured) < _FEWEST_SAME or any(one != measured[0] for one in measured):
        return []
    shares = [name for name, value in measured[0].items() if not value.is_integer()]
    if not shares:
        return []
    text = f"{shares[0]} is {measured[0][shares[0]]:g} in all {len(measured)} validations"
    return [Evidence(text, story.run.validations[-1].line)]


def _measured(story: Story) -> list[dict[str, float]]:
    return [one.metrics for one in story.run.validations if one.metrics]


def headlines(names: list[str]) -> list[str]:
    """The first of each group: ``coco/AP`` of ``coco/AP .5``, ``bbox_mAP`` of ``bbox_mAP_s``."""
    first: dict[str, str] = {}
    for name in names:
        prefix, _, rest = name.rpartition("/")
        first.setdefault(f"{prefix}/{rest.replace(' ', '_').partition('_')[0]}", name)
    return list(first.values())
