"""The learning rate moved, and then stood still because its schedulers had ended."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.needs import CONFIG
from mmscaffold.diagnose.readings.frozen_rate import missed_changes
from mmscaffold.diagnose.readings.kept_schedule import unheeded_changes
from mmscaffold.diagnose.readings.rates import are_same, from_to, progress, shown
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom

_ENDS = ("MMS102", "MMS104")  # say why a learning rate no longer moves


def _find(story: Story) -> Iterator[Evidence]:
    config, lines = story.config, shown(story)
    if config is None or len(lines) < 2 or missed_changes(story):
        return
    if unheeded_changes(story):
        return
    ends = [one.end for one in config.rate_schedulers if not one.is_warm_up and one.end]
    if not ends:
        return
    unit = next(one.unit for one in config.rate_schedulers if one.end == max(ends))
    done = progress(story, unit)
    after = [index for index in lines if done[index] >= max(ends)]
    if len(after) < 2 or not all(are_same(story, after[0], one) for one in after):
        return
    for rule in _ENDS:
        found = config.findings(rule)
        if found:
            yield from_to(story, after[0], after[-1])
            yield Evidence(found[0].message)
            return


SYMPTOM = Symptom(
    name="lr-stops",
    text="the learning rate stops changing long before the end",
    looks="the same `lr:` from the scheduler's `end` on",
    order=620,
    find=_find,
    needs=(CONFIG,),
)
