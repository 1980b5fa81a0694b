"""What a migration is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from mmscaffold.project.class_map import ClassMap
from mmscaffold.schedule.training_length import Unit


class Step(Enum):
    """One part of a migration, which can be made by itself."""

    RUNNER = "runner"
    LOOPS = "loops"
    MODEL = "model"
    IMPORTS = "imports"
    LENGTH = "length"


ALL_STEPS = frozenset(Step)


@dataclass(frozen=True)
class NewLength:
    """The length that a training shall get.

    Attributes:
        unit: What ``maximum`` counts.
        maximum: ``max_epochs`` (in epochs) or ``max_iters`` (in iterations).
    """

    unit: Unit
    maximum: int


@dataclass(frozen=True)
class Task:
    """What a migration is asked to do.

    Attributes:
        class_map: The project's classes; ``None`` leaves all classes alone.
        length: The new length of the training, if it shall have one.
        steps: The parts to make; the rest of the config stays as it is.
    """

    class_map: ClassMap | None = None
    length: NewLength | None = None
    steps: frozenset[Step] = ALL_STEPS

    def does(self, step: Step) -> bool:
        """Whether a step is asked for, and there is what it needs."""
        if step is Step.LENGTH:
            return step in self.steps and self.length is not None
        return step in self.steps and self.class_map is not None
