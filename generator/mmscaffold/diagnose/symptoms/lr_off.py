"""The learning rate is not the one that the schedulers of the config make."""

from __future__ import annotations

from mmscaffold.diagnose.needs import BEGINNING, CONFIG
from mmscaffold.diagnose.readings.ahead import ahead_of_schedule
from mmscaffold.diagnose.readings.curve import comparison
from mmscaffold.diagnose.readings.frozen_rate import missed_changes
from mmscaffold.diagnose.readings.kept_schedule import unheeded_changes
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> list[Evidence]:
    if not story.run.whole or missed_changes(story) or unheeded_changes(story):
        return []
    if ahead_of_schedule(story):
        return []
    found = comparison(story)
    if found is None or found.departure is None:
        return []
    return [found.departure.seen_in(story)]


SYMPTOM = Symptom(
    name="lr-off",
    text="the learning rate leaves the one that the schedulers of the config make",
    looks="`lr:` is another than the config's `optim_wrapper` and `param_scheduler` give",
    order=630,
    find=_find,
    needs=(CONFIG, BEGINNING),
    is_note=True,
    only_alone=True,
)
