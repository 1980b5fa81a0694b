"""The schedulers step more often than epochs and iterations pass."""

from __future__ import annotations

from mmscaffold.diagnose.needs import BEGINNING, CONFIG
from mmscaffold.diagnose.readings.ahead import ahead_of_schedule
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> list[Evidence]:
    return ahead_of_schedule(story)


SYMPTOM = Symptom(
    name="lr-ahead",
    text="the learning rate runs ahead of its schedule",
    looks="`lr:` falls after epoch 4, with a milestone at 8",
    order=615,
    find=_find,
    needs=(CONFIG, BEGINNING),
)
