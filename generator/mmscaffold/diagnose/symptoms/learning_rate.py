"""The learning rate against its schedulers."""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterator

from mmscaffold.diagnose.history import is_number
from mmscaffold.diagnose.run_config import RunConfig
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptoms.symptom import Evidence, Seen, Symptom
from mmscaffold.schedule.schedulers import Scheduler
from mmscaffold.schedule.training_length import Unit

# Those whose value must differ at any two places well apart within their span.
_SLOPES = ("CosineAnnealingLR", "PolyLR", "LinearLR", "ExponentialLR")
_APART = 0.25  # of the span
# Rules that say why a learning rate never moves, or no longer does.
_NEVER = "MMS111"
_ENDS = ("MMS102", "MMS104")


def find(story: Story) -> Iterator[Seen]:
    """Whether the learning rate moves where its schedulers say so.

    Without a config nothing is said: warm-up, plateaus and the time after the last milestone
    are flat in healthy trainings, too.
    """
    train, config = story.run.train, story.config
    shown = [index for index in range(len(train)) if is_number(train.lr[index])]
    if config is None or len(shown) < 2:
        return
    flat = [one for each in config.rate_schedulers for one in _missed(story, each, shown)]
    if not flat:
        flat = _never_meant_to_move(story, config, shown)
    if flat:
        yield Seen(Symptom.LR_FROZEN, flat[:3])
        return
    yield from _stops(story, shown)


def old_schedule(config: RunConfig) -> str | None:
    """The key of MMDetection 2.x that sets a schedule, where nothing else does."""
    if config.view.get("param_scheduler"):
        return None
    return next((key for key in ("lr_config",) if config.view.get(key)), None)


def _never_meant_to_move(story: Story, config: RunConfig, shown: list[int]) -> list[Evidence]:
    """A flat learning rate whose config shows that a schedule was meant."""
    if not _is_flat(story, shown) or len(shown) < 4:
        return []
    key = old_schedule(config)
    found = [one.message for one in config.findings(_NEVER)]
    if key is not None:
        found.insert(0, f"{key} is a key of MMDetection 2.x, which the Runner ignores")
    if not found:
        return []
    return [_range(story, shown[0], shown[-1]), Evidence(found[0])]


def _missed(story: Story, scheduler: Scheduler, shown: list[int]) -> Iterator[Evidence]:
    """Where a scheduler should have changed the learning rate, and did not."""
    assert story.config is not None
    if scheduler.unit is Unit.EPOCHS and story.config.max_epochs is None:
        return
    if scheduler.type == "MultiStepLR":
        for milestone in scheduler.milestones:
            at = scheduler.begin + milestone
            if scheduler.end is None or at < scheduler.end:
                yield from _step_missed(story, scheduler, at, shown)
    elif scheduler.type in _SLOPES:
        yield from _slope_missed(story, scheduler, shown)


def _step_missed(
    story: Story, scheduler: Scheduler, at: int, shown: list[int]
) -> Iterator[Evidence]:
    progress = _progress(story, scheduler.unit)
    # What is finished only grows, so that both sides can be searched.
    after = bisect.bisect_left(shown, at, key=progress.__getitem__)
    if scheduler.unit is Unit.ITERATIONS:
        before, after = after - 1, after + 1
    else:
        before = after - 1
    if before >= 0 and after < len(shown) and _same(story, shown[before], shown[after]):
        yield Evidence(
            f"{scheduler.type} changes it after {at} {scheduler.unit.value}; it stays "
            f"{story.run.train.lr[shown[after]]:.4e}",
            story.run.train.line[shown[after]],
        )


def _slope_missed(story: Story, scheduler: Scheduler, shown: list[int]) -> Iterator[Evidence]:
    config = story.config
    assert config is not None
    length = config.view.length
    end = scheduler.end
    if end is None and length is not None and length.unit is scheduler.unit:
        end = length.maximum
    if end is None:
        return
    span = end - scheduler.begin
    # `end` itself is the first step that the scheduler leaves alone.
    progress = _progress(story, scheduler.unit)
    within = [index for index in shown if scheduler.begin <= progress[index] < end]
    if len(within) < 2:
        return
    first, last = within[0], within[-1]
    went = progress[last] - progress[first]
    if went >= max(1, _APART * span) and all(_same(story, first, one) for one in within):
        yield _range(story, first, last)
        yield Evidence(
            f"{scheduler.type} changes it from {scheduler.begin} to {end} {scheduler.unit.value}"
        )


def _stops(story: Story, shown: list[int]) -> Iterator[Seen]:
    """Whether it moved, and then stood still because its schedulers had ended."""
    config = story.config
    assert config is not None
    ends = [one.end for one in config.rate_schedulers if not one.is_warm_up and one.end]
    if not ends:
        return
    unit = next(one.unit for one in config.rate_schedulers if one.end == max(ends))
    progress = _progress(story, unit)
    after = [index for index in shown if progress[index] >= max(ends)]
    if len(after) < 2 or not all(_same(story, after[0], one) for one in after):
        return
    for rule in _ENDS:
        found = config.findings(rule)
        if found:
            evidence = [_range(story, after[0], after[-1]), Evidence(found[0].message)]
            yield Seen(Symptom.LR_STOPS, evidence)
            return


def _progress(story: Story, unit: Unit) -> list[int]:
    """Epochs or iterations that were finished before each line, as they were really run."""
    return story.epochs_done if unit is Unit.EPOCHS else story.iterations_done


def _same(story: Story, one: int, other: int) -> bool:
    rates = story.run.train.lr
    return math.isclose(rates[one], rates[other], rel_tol=1e-3)


def _is_flat(story: Story, shown: list[int]) -> bool:
    return all(_same(story, shown[0], index) for index in shown)


def _range(story: Story, first: int, last: int) -> Evidence:
    train = story.run.train
    text = f"{train.head(first)} to {train.head(last)} have lr: {train.lr[first]:.4e}"
    return Evidence(text, train.line[first])
