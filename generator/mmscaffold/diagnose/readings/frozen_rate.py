"""Where a learning rate should have changed, and did not."""

from __future__ import annotations

import bisect
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from mmscaffold.diagnose.readings.curve import Comparison, are_close, comparison
from mmscaffold.diagnose.readings.kept_schedule import unheeded_changes
from mmscaffold.diagnose.readings.rates import are_same, from_to, progress, shown
from mmscaffold.diagnose.run_config import RunConfig
from mmscaffold.diagnose.story import Story, once
from mmscaffold.diagnose.symptom import Evidence
from mmscaffold.facts.legacy import LEGACY_KEYS
from mmscaffold.facts.schedulers import LEARNING_RATE, SCHEDULERS
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.schedulers import Scheduler

# Those of mmengine's own whose value never rests.
_SLOPES = tuple(f"{row.name}{LEARNING_RATE}" for row in SCHEDULERS if row.always_moves)
_OLD = LEGACY_KEYS["lr_config"].name
_APART = 0.25  # of the span
_NEVER = "MMS111"  # says why a learning rate never moves


@dataclass(frozen=True)
class _Missed:
    """A change that did not come.

    Attributes:
        evidence: What is seen of it.
        before: The line before a milestone; ``None`` of a slope, all of which is flat.
    """

    evidence: Evidence
    before: int | None = None

    def stood(self, story: Story, compared: Comparison) -> bool:
        """Whether the rate before it was the one that should have changed."""
        if self.before is None or compared.curve is None:
            return True
        planned = compared.curve.at(story.iterations_done[self.before])
        return planned is None or are_close(story.run.train.lr[self.before], planned)


@once
def missed_changes(story: Story) -> list[Evidence]:
    """Where the learning rate does not move although its schedulers say so.

    Without a config nothing is said: warm-up, plateaus and the time after the last milestone
    are flat in healthy runs as well.
    """
    config, lines = story.config, shown(story)
    if config is None or len(lines) < 2 or unheeded_changes(story):
        return []
    compared = comparison(story)
    if compared is not None and compared.departure is None:
        # It follows its curve, or that is not known: a scheduler or hook of the project's own.
        return _never_meant_to_move(story, config, lines)
    missed = [one for each in config.rate_schedulers for one in _missed(story, each, lines)]
    if compared is not None and compared.departure is not None:
        if not any(one.stood(story, compared) for one in missed):
            # It had left its curve before: what it should have been changed from is not there.
            return [] if missed else _never_meant_to_move(story, config, lines)
        return [compared.departure.seen_in(story), *(one.evidence for one in missed)]
    return [one.evidence for one in missed] or _never_meant_to_move(story, config, lines)


def old_schedule(config: RunConfig) -> str | None:
    """The key of MMDetection 2.x that sets a schedule, where nothing else does."""
    if config.view.get("param_scheduler"):
        return None
    return _OLD if config.view.get(_OLD) else None


def _never_meant_to_move(story: Story, config: RunConfig, lines: array[int]) -> list[Evidence]:
    """A flat learning rate whose config shows that a schedule was meant."""
    if len(lines) < 4 or not all(are_same(story, lines[0], index) for index in lines):
        return []
    key = old_schedule(config)
    found = [one.message for one in config.findings(_NEVER)]
    if key is not None:
        found.insert(0, f"{key} is a key of MMDetection 2.x, which the Runner ignores")
    if not found:
        return []
    return [from_to(story, lines[0], lines[-1]), Evidence(found[0])]


def _missed(story: Story, scheduler: Scheduler, lines: array[int]) -> Iterator[_Missed]:
    """Where a scheduler should have changed the learning rate, and did not."""
    assert story.config is not None
    if scheduler.unit is Unit.EPOCHS and story.config.max_epochs is None:
        return
    if scheduler.type == "MultiStepLR":
        for milestone in scheduler.milestones:
            at = scheduler.begin + milestone
            if scheduler.end is None or at < scheduler.end:
                yield from _step_missed(story, scheduler, at, lines)
    elif scheduler.type in _SLOPES:
        yield from _slope_missed(story, scheduler, lines)


def _step_missed(
    story: Story, scheduler: Scheduler, at: float, lines: array[int]
) -> Iterator[_Missed]:
    done = progress(story, scheduler.unit)
    # What is finished only grows, so that both sides can be searched.
    after = bisect.bisect_left(lines, at, key=done.__getitem__)
    if scheduler.unit is Unit.ITERATIONS:
        before, after = after - 1, after + 1
    else:
        before = after - 1
    if before >= 0 and after < len(lines) and are_same(story, lines[before], lines[after]):
        text = (
            f"{scheduler.type} should change it after {scheduler.unit.count(at)}; it stays at "
            f"{story.run.train.lr[lines[after]]:.4e}"
        )
        evidence = Evidence(text, story.run.train.line[lines[after]])
        yield _Missed(evidence, lines[before])


def _slope_missed(story: Story, scheduler: Scheduler, lines: array[int]) -> Iterator[_Missed]:
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
    done = progress(story, scheduler.unit)
    within = [index for index in lines if scheduler.begin <= done[index] < end]
    if len(within) < 2:
        return
    first, last = within[0], within[-1]
    went = done[last] - done[first]
    if went >= max(1, _APART * span) and all(are_same(story, first, one) for one in within):
        yield _Missed(from_to(story, first, last))
        span_text = f"from {scheduler.begin} to {scheduler.unit.count(end)}"
        yield _Missed(Evidence(f"{scheduler.type} should change it {span_text}"))
