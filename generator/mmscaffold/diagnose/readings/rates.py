"""The learning rate at each line of training, against the progress that was really made."""

from __future__ import annotations

import math
from array import array

from mmscaffold.diagnose.history import is_number
from mmscaffold.diagnose.story import Story, once
from mmscaffold.diagnose.symptom import Evidence
from mmscaffold.facts.units import Unit


@once
def shown(story: Story) -> array[int]:
    """The lines of training that have a learning rate."""
    rates = story.run.train.lr
    return array("q", (index for index in range(len(rates)) if is_number(rates[index])))


def progress(story: Story, unit: Unit) -> list[int]:
    """Epochs or iterations that were finished before each line, as they were really run."""
    return story.epochs_done if unit is Unit.EPOCHS else story.iterations_done


def are_same(story: Story, one: int, other: int) -> bool:
    """Whether two lines have the same learning rate."""
    rates = story.run.train.lr
    return math.isclose(rates[one], rates[other], rel_tol=1e-3)


def from_to(story: Story, first: int, last: int) -> Evidence:
    """A learning rate that two lines, and those between them, have."""
    train = story.run.train
    text = f"{train.head(first)} to {train.head(last)} have lr: {train.lr[first]:.4e}"
    return Evidence(text, train.line[first])
