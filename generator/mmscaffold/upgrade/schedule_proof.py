"""The learning rate and momentum of every iteration, before and after an upgrade.

What 2.x trained with is computed as mmcv's hooks do (``schedule/curves/mmcv``), what 3.x trains
with as mmengine's schedulers do (``schedule/curves/mmengine``). They may differ by 1 % of the
highest value, but for one iteration at the end of each warm-up: mmengine's end one step early.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isnan
from operator import sub
from typing import Any

from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.schedule.curves import (
    LEARNING_RATE,
    MOMENTUM,
    Break,
    Curve,
    NotKnownError,
    Segment,
    Setup,
    mmcv_curve,
    mmengine_curve,
    optimizer_names,
    scheduled_parameters,
)
from mmscaffold.schedule.curves.initial_values import initial_value, optimizer_value
from mmscaffold.upgrade.notes import Note

TOLERANCE = 0.01
"""How much two curves may differ, as a share of the highest value."""
MOST_ITERATIONS = 300_000
"""How long a training by epochs is made for the proof, at most."""
_BATCHES = (60, 200)
_KEYS = ("runner", "total_epochs", "total_iters", "lr_config", "momentum_config", "optimizer")
_NEW_KEYS = ("train_cfg", "param_scheduler", "optim_wrapper", "default_scope", "default_hooks")


@dataclass(frozen=True)
class Difference:
    """Where two curves are farthest apart.

    Attributes:
        parameter: ``lr`` or ``momentum``.
        optimizer: The name of one of several optimizers.
        share: How far, as a share of the highest value.
        iteration: In which iteration, from 0.
        old: The value that 2.x had there.
        new: The value that 3.x has there.
        batches: Iterations of an epoch for which it was computed; ``None`` under an
            iteration loop.
    """

    parameter: str
    optimizer: str
    share: float
    iteration: int
    old: float
    new: float
    batches: int | None

    @property
    def place(self) -> str:
        """The epoch or iteration, for people."""
        if self.batches is None:
            return f"iteration {self.iteration + 1}"
        epoch, batch = divmod(self.iteration, self.batches)
        return f"epoch {epoch + 1}, iteration {batch + 1} of {self.batches}"


@dataclass(frozen=True)
class ScheduleProof:
    """What came out of it.

    Attributes:
        differences: The largest difference of each curve.
        unproven: What could not be computed, and why.
    """

    differences: tuple[Difference, ...]
    unproven: tuple[str, ...]

    @property
    def largest(self) -> Difference | None:
        """The largest difference of all."""
        return max(self.differences, key=lambda one: one.share, default=None)

    @property
    def holds(self) -> bool:
        """Whether the schedule is proven to be the same."""
        return not self.unproven and all(one.share <= TOLERANCE for one in self.differences)

    def notes(self) -> Iterator[Note]:
        """A note for each parameter that is not what it was."""
        worst: dict[str, Difference] = {}
        for one in self.differences:
            if one.share > TOLERANCE and one.share > getattr(
                worst.get(one.parameter), "share", 0.0
            ):
                worst[one.parameter] = one
        for parameter, one in worst.items():
            message = f"{parameter} differs by {one.share:.1%} of its peak ({one.place})"
            help_ = (
                f"2.x had {one.old:.6g} there, and this has {one.new:.6g}. Compare both with "
                "mmscaffold plot."
            )
            yield Note("UP103", message, ("param_scheduler",), ("lr_config",), help_)


def prove_schedule(old: Mapping[str, Any], new: Mapping[str, Any]) -> ScheduleProof:
    """Compare the schedules of a config of 2.x and of what it became.

    Args:
        old: The resolved config of 2.x, with its length.
        new: What the upgraded one resolves to.
    """
    before = {key: to_plain(old[key]) for key in _KEYS if key in old}
    after = {key: to_plain(new[key]) for key in _NEW_KEYS if key in new}
    return _proven(_Pair(before, after, repr((before, after))))


class _Pair:
    """Two configs, which many of a tree have in common."""

    def __init__(self, old: dict[str, Any], new: dict[str, Any], text: str) -> None:
        self.old, self.new, self._text = old, new, text

    def __hash__(self) -> int:
        return hash(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Pair) and self._text == other._text


@lru_cache(maxsize=1024)
def _proven(pair: _Pair) -> ScheduleProof:
    old, new = pair.old, pair.new
    found: list[Difference] = []
    unproven: dict[str, None] = {}
    parameters = {LEARNING_RATE}
    if old.get("momentum_config") or any(
        parameter == MOMENTUM for _, parameter in scheduled_parameters(new)
    ):
        parameters.add(MOMENTUM)
    for batches in _epoch_lengths(old):
        for optimizer in optimizer_names(new):
            for parameter in sorted(parameters):
                try:
                    found.append(_difference(old, new, parameter, optimizer, batches))
                except NotKnownError as problem:
                    unproven[f"{parameter}: {problem.where}"] = None
    return ScheduleProof(tuple(found), tuple(unproven))


def _difference(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    parameter: str,
    optimizer: str,
    batches: int | None,
) -> Difference:
    setup = Setup(iterations_per_epoch=batches)
    before = mmcv_curve(
        old, parameter, setup=setup, optimizer=optimizer,
        initial=_initial(lambda: _optimizer_of_2x(old, parameter, optimizer)),
    )  # fmt: skip
    after = mmengine_curve(
        new, parameter, setup=setup, optimizer=optimizer,
        initial=_initial(lambda: initial_value(_unscaled(new), parameter, optimizer)),
    )  # fmt: skip
    for curve in (before, after):
        if curve.break_ is not None:
            raise NotKnownError(curve.break_)
    peak = max(_highest(before), _highest(after)) or 1.0
    excepted = _warm_up_end(old, batches)
    worst = Difference(parameter, optimizer, 0.0, 0, 0.0, 0.0, batches)
    for iteration, one, other in _apart(before, after, excepted):
        share = abs(one - other) / peak
        if share > worst.share:
            worst = Difference(parameter, optimizer, share, iteration, one, other, batches)
    return worst


def _initial(value: Callable[[], float]) -> float | None:
    """What the optimizer begins with; ``None`` lets the curve say why it is not known."""
    try:
        return value()
    except NotKnownError:
        return None


def _optimizer_of_2x(old: Mapping[str, Any], parameter: str, name: str) -> float:
    values = old.get("optimizer")
    values = values.get(name) if name and isinstance(values, Mapping) else values
    if not isinstance(values, Mapping):
        raise NotKnownError(Break(0, "the config sets no optimizer", ("optimizer",)))
    return optimizer_value(values, ("optimizer",), parameter)


def _unscaled(new: Mapping[str, Any]) -> Mapping[str, Any]:
    # Both generations scale by auto_scale_lr in the same way.
    return {key: value for key, value in new.items() if key != "auto_scale_lr"}


def _epoch_lengths(old: Mapping[str, Any]) -> tuple[int | None, ...]:
    """For how many iterations of an epoch it is computed: 1.3 and 10 times the warm-up."""
    runner = old.get("runner")
    if isinstance(runner, Mapping) and str(runner.get("type")).startswith("IterBased"):
        return (None,)
    if "runner" not in old and "total_epochs" not in old:
        return (None,)
    epochs = runner.get("max_epochs") if isinstance(runner, Mapping) else old.get("total_epochs")
    epochs = epochs if isinstance(epochs, int) and epochs > 0 else 1
    schedule = old.get("lr_config")
    schedule = schedule if isinstance(schedule, Mapping) else {}
    warm_up = schedule.get("warmup_iters", 0) if schedule.get("warmup") else 0
    if not isinstance(warm_up, int) or warm_up <= 0 or schedule.get("warmup_by_epoch"):
        return _BATCHES
    most = max(MOST_ITERATIONS // epochs, 2)
    return tuple(sorted({min(round(1.3 * warm_up) + 1, most), min(10 * warm_up, most)}))


def _warm_up_end(old: Mapping[str, Any], batches: int | None) -> set[int]:
    """The last iteration of each warm-up."""
    found = set()
    for key in ("lr_config", "momentum_config"):
        schedule = old.get(key)
        if isinstance(schedule, Mapping) and schedule.get("warmup"):
            iterations = schedule.get("warmup_iters", 0)
            if isinstance(iterations, int):
                each = (batches or 1) if schedule.get("warmup_by_epoch") else 1
                found.add(iterations * each - 1)
    return found


def _highest(curve: Curve) -> float:
    return max((abs(value) for one in curve.segments() for value in _ends(one)), default=0.0)


def _ends(segment: Segment) -> Iterator[float]:
    values = segment.values
    if isinstance(values, array):
        yield from (max(values), min(values))
    else:
        yield values


def _apart(before: Curve, after: Curve, excepted: set[int]) -> Iterator[tuple[int, float, float]]:
    """Where two curves are farthest apart in each stretch that both share."""
    ones, others = before.segments(), after.segments()
    one, other = next(ones, None), next(others, None)
    here = 0
    while one is not None and other is not None:
        stop = min(one.stop, other.stop)
        if isinstance(one.values, array) or isinstance(other.values, array):
            found = farthest(here, _part(one, here, stop), _part(other, here, stop), excepted)
            if found is not None:
                yield found
        else:
            first = next((n for n in range(here, stop) if n not in excepted), None)
            if first is not None:
                yield first, one.values, other.values
        here = stop
        one = next(ones, None) if one.stop == stop else one
        other = next(others, None) if other.stop == stop else other


def _part(segment: Segment, start: int, stop: int) -> array[float]:
    """The values of a segment in some of its iterations."""
    values = segment.values
    if isinstance(values, array):
        return values[start - segment.start : stop - segment.start]
    return array("d", (values,)) * (stop - start)


def farthest(
    start: int, ones: array[float], others: array[float], excepted: set[int]
) -> tuple[int, float, float] | None:
    """The first iteration with the largest gap, and its values; ``None`` if all are excepted.

    Args:
        start: The iteration of the first values.
        ones: The values of one curve.
        others: Those of the other.
        excepted: Iterations that do not count.
    """
    gaps = list(map(abs, map(sub, ones, others)))
    for iteration in excepted:
        if 0 <= iteration - start < len(gaps):
            gaps[iteration - start] = -1.0
    if isnan(sum(gaps)):
        gaps = [-1.0 if isnan(gap) else gap for gap in gaps]
    index = gaps.index(max(gaps))
    return None if gaps[index] < 0 else (start + index, ones[index], others[index])
