"""A schedule that was changed at resume: that of the checkpoint goes on."""

from __future__ import annotations

from mmscaffold.diagnose.readings.curve import (
    Comparison,
    comparison,
    comparison_with_own,
    epoch_length,
    followed_config,
)
from mmscaffold.diagnose.readings.resuming import uneven_resumption
from mmscaffold.diagnose.run_config import RunConfig
from mmscaffold.diagnose.story import Story, once
from mmscaffold.diagnose.symptom import Evidence
from mmscaffold.schedule.curves import overruled

_MOST = 4  # changes that are shown
_ENDS = ("MMS102", "MMS104")  # say why a learning rate no longer moves


@once
def unheeded_changes(story: Story) -> list[Evidence]:
    """What the config of a resumed run says of its schedule in vain.

    Where the run before is not known, a learning rate that leaves the config's own curve tells.
    """
    run, config, before = story.run, story.config, story.before
    if run.resumed is None or config is None or uneven_resumption(story) is not None:
        return []
    own = comparison_with_own(story)
    if before is None or before.config is None:
        return _departure(story, own)
    schedule = followed_config(before)
    if schedule is None:
        return _departure(story, own)
    found = [
        Evidence(str(one)) for one in overruled(config.view.root, schedule, epoch_length(story))
    ]
    if found:
        kept = comparison(story)
        if _is_heeded(own, kept):
            return []
        return [*found[:_MOST], *_departure(story, own), *_follows(kept)]
    return _longer(config, before.config)


def _departure(story: Story, own: Comparison | None) -> list[Evidence]:
    if own is None or own.departure is None:
        return []
    return [own.departure.seen_in(story, "the schedulers of the config")]


def _follows(kept: Comparison | None) -> list[Evidence]:
    """Whether the log follows the schedule of the checkpoint, as far as that can be told."""
    if kept is None or not kept.lines:
        return []
    how = "follows" if kept.departure is None else "does not follow"
    return [Evidence(f"the learning rate {how} the schedule of the checkpoint")]


def _is_heeded(own: Comparison | None, kept: Comparison | None) -> bool:
    """Whether the log follows the changed schedule: a Runner of a project may see to that."""
    if own is None or not own.lines or own.departure is not None:
        return False
    return kept is None or not kept.lines or kept.departure is not None


def _longer(config: RunConfig, before: RunConfig) -> list[Evidence]:
    """A longer training whose schedule was left as it was."""
    was, is_now = (one.max_epochs or one.max_iters or 0 for one in (before, config))
    if config.unit is not before.unit or not 0 < was < is_now:
        return []
    key = "max_epochs" if config.max_epochs else "max_iters"
    for rule in _ENDS:
        found = config.findings(rule)
        if found and not before.findings(rule):
            text = f"{key} was {was} in the run before and is {is_now} now"
            return [Evidence(text), Evidence(found[0].message)]
    return []
