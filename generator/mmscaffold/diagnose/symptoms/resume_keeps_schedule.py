"""A resumed run follows the schedule of its checkpoint, not that of its config."""

from __future__ import annotations

from mmscaffold.diagnose.needs import CONFIG, START
from mmscaffold.diagnose.readings.kept_schedule import unheeded_changes
from mmscaffold.diagnose.readings.resuming import said
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> list[Evidence]:
    resumed, changes = story.run.resumed, unheeded_changes(story)
    return [said(resumed), *changes] if resumed is not None and changes else []


SYMPTOM = Symptom(
    name="resume-keeps-schedule",
    text="the schedule of the config does not take effect in the resumed run",
    looks="`end` or `milestones` was changed before resuming; `lr:` does not follow",
    order=837,
    find=_find,
    needs=(START, CONFIG),
)
