"""What the config of a run plans: how long, and when it validates and saves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mmscaffold.diagnose.readings.curve import epoch_length
from mmscaffold.diagnose.story import Story
from mmscaffold.facts.units import Unit
from mmscaffold.pictures.moments import marks_of
from mmscaffold.schedule.curves import Setup
from mmscaffold.schedule.curves.setup import timeline

_MOST = 50_000_000  # iterations: more are a mistake


@dataclass(frozen=True)
class Plan:
    """What is planned, in iterations from the beginning of the training.

    Attributes:
        iterations: The length.
        per_epoch: Iterations of an epoch; ``None`` for an iteration loop.
        validations: After which iterations it validates.
        checkpoints: After which iterations it saves.
    """

    iterations: int
    per_epoch: int | None
    validations: tuple[int, ...]
    checkpoints: tuple[int, ...]


def plan_of(story: Story) -> Plan | None:
    """The plan of a run; ``None`` where the config or the length is not known."""
    if story.config is None:
        return None
    root: Mapping[str, Any] = story.config.view.root
    batches = epoch_length(story)
    times = timeline(root, Setup(iterations_per_epoch=batches))
    if times.unit is None or times.max_iters is None or not 0 < times.max_iters <= _MOST:
        return None
    marks, _ = marks_of(root, times)
    by_kind = {
        kind: tuple(sorted({one.iteration for one in marks if one.kind == kind}))
        for kind in ("validation", "checkpoint")
    }
    per_epoch = batches if times.unit is Unit.EPOCHS else None
    if times.unit is Unit.EPOCHS and story.only_scalars:
        return None
    # Whether there is anything to validate, the run's own reading knows better.
    validations = by_kind["validation"] if story.config.validates else ()
    return Plan(times.max_iters, per_epoch, validations, by_kind["checkpoint"])
