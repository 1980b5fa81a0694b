"""What a migration must do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from mmscaffold.config.change import Change
from mmscaffold.facts.units import Unit
from mmscaffold.project.class_map import ClassMap


class Step(Enum):
    """One part of a migration, which can be performed on its own."""

    RUNNER = "runner"
    LOOPS = "loops"
    MODEL = "model"
    HOOKS = "hooks"
    IMPORTS = "imports"
    LENGTH = "length"


ALL_STEPS = frozenset(Step)


@dataclass(frozen=True)
class NewLength:
    """The new training length.

    Attributes:
        unit: What ``maximum`` counts.
        maximum: ``max_epochs`` (in epochs) or ``max_iters`` (in iterations).
    """

    unit: Unit
    maximum: int


@dataclass(frozen=True)
class NewUnit:
    """The unit that training must count in.

    Attributes:
        unit: What the train loop must count.
        iters_per_epoch: How many iterations one epoch has; ``None`` computes it from
            the two below.
        dataset_size: How many images one pass over the data sees, before it is repeated.
        batch_size: How many images one iteration sees, over all GPUs; ``None`` takes the
            config's, on one GPU.
    """

    unit: Unit
    iters_per_epoch: int | None = None
    dataset_size: int | None = None
    batch_size: int | None = None


@dataclass(frozen=True)
class Task:
    """What a migration must do.

    Attributes:
        class_map: The project's classes; ``None`` leaves all classes alone.
        length: The new length, or the new unit, of the training, if it gets one.
        steps: The parts to make; the rest of the config stays as it is.
        fixes: Instead of all that: the changes that fix the faults of each config.
    """

    class_map: ClassMap | None = None
    length: NewLength | NewUnit | None = None
    steps: frozenset[Step] = ALL_STEPS
    fixes: Mapping[Path, tuple[Change, ...]] | None = None

    def does(self, step: Step) -> bool:
        """Whether a step is wanted, and what it needs is there."""
        if step is Step.LENGTH:
            return step in self.steps and self.length is not None
        return step in self.steps and self.class_map is not None
