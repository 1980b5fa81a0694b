"""What a log must have to show a symptom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mmscaffold.diagnose.history import is_number
from mmscaffold.diagnose.story import Story, once


@dataclass(frozen=True)
class Need:
    """Something that not every log has.

    Attributes:
        text: What it is, for the page of ``diagnose``.
        holds: Whether the log of a run has it.
    """

    text: str
    holds: Callable[[Story], bool]


@once
def _tells_time(story: Story) -> bool:
    return any(is_number(one) and abs(one) > 1 for one in story.run.train.eta)


BEGINNING = Need("the beginning of the log", lambda story: story.run.whole)
TWO_PASSES = Need("two epochs", lambda story: len(story.passes) > 1)
VALIDATION = Need("a validation", lambda story: bool(story.run.validations))
CHECKPOINT = Need("a saved checkpoint", lambda story: bool(story.run.saved))
START = Need(
    "a checkpoint to start from",
    lambda story: story.run.resumed is not None or story.run.loaded is not None,
)
CONFIG = Need("the config", lambda story: story.config is not None)
ETA = Need("an ETA of more than a second", _tells_time)
ITERATION = Need("`scalars.json`, or an iteration loop", lambda story: bool(story.iters))
