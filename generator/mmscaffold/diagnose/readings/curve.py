"""The learning rate of the log against the one that the schedulers of the config make."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mmscaffold.diagnose.readings.cut_epochs import cut_epochs
from mmscaffold.diagnose.readings.rates import shown
from mmscaffold.diagnose.readings.resuming import uneven_resumption
from mmscaffold.diagnose.run_config import RunConfig
from mmscaffold.diagnose.story import Story, once
from mmscaffold.diagnose.symptom import Evidence
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.curves import (
    Curve,
    NotKnownError,
    Setup,
    group_values,
    mmengine_curve,
    optimizer_names,
    resumed_config,
)

_ROUNDED = 1e-3  # the log gives five digits
_MOST = 5_000_000  # iterations that are compared


@dataclass(frozen=True)
class Departure:
    """Where the learning rate leaves its curve.

    Attributes:
        index: The first line of training that has another one.
        iteration: Iterations that were finished before.
        expected: What the schedulers make it.
    """

    index: int
    iteration: int
    expected: float

    def seen_in(self, story: Story, whose: str = "the schedulers") -> Evidence:
        """What the log says there, and what it should.

        Args:
            story: The run.
            whose: The schedulers that make the curve.
        """
        train = story.run.train
        text = (
            f"{train.head(self.index)} has lr: {train.lr[self.index]:.4e}; {whose} make "
            f"it {self.expected:.4e} in iteration {self.iteration + 1}"
        )
        return Evidence(text, train.line[self.index])


@dataclass(frozen=True)
class Comparison:
    """The log against the curve.

    Attributes:
        lines: How many lines of training could be compared.
        departure: The first that differs; ``None`` if none does.
        curve: The curve; ``None`` where it is not known.
    """

    lines: int
    departure: Departure | None
    curve: Curve | None = None


@once
def comparison(story: Story) -> Comparison | None:
    """Compare the learning rates of a run with its curve.

    That of a resumed run is the one of its checkpoint, where the run before is known.

    Returns:
        ``None`` where the log does not tell what a curve needs. A curve that is not known has
        no lines to compare.
    """
    root = followed_config(story)
    return Comparison(0, None) if root is None else _compare_with(story, root)


@once
def comparison_with_own(story: Story) -> Comparison | None:
    """The same with the curve of the run's own config, whatever it resumed."""
    return None if story.config is None else _compare_with(story, story.config.view.root)


@once
def followed_config(story: Story) -> Mapping[str, Any] | None:
    """The config whose schedule a run follows; ``None`` where that is not known.

    It is the run's own, with the schedule of the run that it resumed.
    """
    if story.config is None:
        return None
    root: Mapping[str, Any] = story.config.view.root
    if story.run.resumed is None:
        return root
    if uneven_resumption(story) is not None:
        # Epochs and iterations do not fit each other.
        return None
    before = story.before
    if before is None or before.config is None:
        return root
    schedule = followed_config(before)
    return None if schedule is None else resumed_config(root, schedule, epoch_length(story))


def epoch_length(story: Story) -> int | None:
    """Iterations of an epoch, as the log tells them."""
    if story.config is None or not story.run.train.line:
        return None
    return _batches(story, story.config)


def _compare_with(story: Story, root: Mapping[str, Any]) -> Comparison | None:
    config, lines = story.config, shown(story)
    if config is None or not len(lines):
        return None
    if cut_epochs(story):
        # How many iterations were run is not known.
        return Comparison(0, None)
    batches = _batches(story, config)
    if batches is None and config.unit is not Unit.ITERATIONS:
        return None
    curves = _curves(root, batches)
    if not curves:
        return _fitted(story, root, batches)
    best = Comparison(0, None)
    for curve in curves:
        found = _compare(story, curve)
        if found.departure is None:
            return found
        # Which group the log shows is not known: the one that fits longest.
        if best.departure is None or found.departure.index > best.departure.index:
            best = found
    return best


def _fitted(story: Story, root: Mapping[str, Any], batches: int | None) -> Comparison:
    """The log against the curve that begins as the log does.

    For what a group begins with only the model and its constructor know, or the number of GPUs.
    """
    setup = Setup(iterations_per_epoch=batches)
    unknown = Comparison(0, None)
    if optimizer_names(root) != [""]:
        return unknown
    first = shown(story)[0]
    share = None
    if 0 <= story.iterations_done[first] < _MOST:
        share = mmengine_curve(root, setup=setup, initial=1.0).at(story.iterations_done[first])
    if not share:
        return unknown
    initial = story.run.train.lr[first] / share
    found = _compare(story, mmengine_curve(root, setup=setup, initial=initial))
    differs_at_once = found.departure is not None and found.departure.index == first
    return unknown if differs_at_once else found


def _batches(story: Story, config: RunConfig) -> int | None:
    """Iterations of an epoch, as the log tells them."""
    train = story.run.train
    if story.only_scalars or min(train.size) != max(train.size) or train.size[0] < 1:
        return None
    if story.by_epoch:
        return train.size[0]
    if config.max_epochs and train.size[0] % config.max_epochs == 0:
        return train.size[0] // config.max_epochs
    return None


def _curves(root: Mapping[str, Any], batches: int | None) -> list[Curve]:
    """The curves that the learning rate of the log can follow, one for each kind of group."""
    setup = Setup(iterations_per_epoch=batches)
    if optimizer_names(root) != [""]:
        return []
    try:
        values = group_values(root, setup=setup)
    except NotKnownError:
        return []
    return [mmengine_curve(root, setup=setup, initial=value) for value in values or ()]


def _compare(story: Story, curve: Curve) -> Comparison:
    rates, done, lines = story.run.train.lr, story.iterations_done, 0
    loose: Departure | None = None
    for index in shown(story):
        iteration = done[index]
        if not 0 <= iteration < _MOST:
            break
        expected = curve.at(iteration)
        if expected is None:
            break
        lines += 1
        if are_close(rates[index], expected):
            loose = None
            continue
        # One step late at a milestone may be all there is, or the beginning of it.
        loose = loose or Departure(index, iteration, expected)
        if not _is_between(rates[index], curve, iteration):
            return Comparison(lines, loose, curve)
    return Comparison(lines, None, curve)


def _is_between(rate: float, curve: Curve, iteration: int) -> bool:
    """Whether a rate is that of the iteration before or after, or lies between them.

    Runners of a project may log one step early or late.
    """
    around = [curve.at(max(iteration + step, 0)) for step in (-1, 0, 1)]
    known = [one for one in around if one is not None]
    return min(known) * (1 - _ROUNDED) <= rate <= max(known) * (1 + _ROUNDED)


def are_close(one: float, other: float) -> bool:
    """Whether two learning rates are the same, as far as a log tells."""
    return math.isclose(one, other, rel_tol=_ROUNDED, abs_tol=1e-12)
