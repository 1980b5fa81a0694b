# ruff: noqa: D102  (each method does what `Policy` says of it)
"""The policies of ``lr_config`` and ``momentum_config``: mmcv's own formulas.

Source: mmcv/runner/hooks/lr_updater.py and momentum_updater.py (1.7.2), and mmdet/core/hook/
yolox_lrupdater_hook.py (2.28.2). They compute from the initial value, at any step.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, repeat
from typing import Any, Protocol


class Policy(Protocol):
    """What the value is at a step, without a warm-up."""

    def value(self, base: float, step: int) -> float:
        """The value at an epoch or iteration, from 0.

        Raises:
            ArithmeticError: As in mmcv, where the training ends with it.
            ValueError: The same.
        """

    def rests_until(self, step: int) -> int:
        """The next step that may have another value."""


class _Moving:
    def rests_until(self, step: int) -> int:
        return step + 1


@dataclass(frozen=True)
class Fixed:
    """``fixed``, or what nothing sets any more.

    Attributes:
        held: The value, where it is not the initial one.
    """

    held: float | None = None

    def value(self, base: float, step: int) -> float:
        return base if self.held is None else self.held

    def rests_until(self, step: int) -> int:
        return 1 << 62


@dataclass(frozen=True)
class Step:
    """``step``."""

    step: int | Sequence[int]
    gamma: float
    lowest: float | None

    def value(self, base: float, step: int) -> float:
        if isinstance(self.step, int):
            times = step // self.step
        else:
            later = (index for index, one in enumerate(self.step) if step < one)
            times = next(later, len(self.step))
        value: float = base * (self.gamma**times)
        return value if self.lowest is None else max(value, self.lowest)

    def rests_until(self, step: int) -> int:
        if isinstance(self.step, int):
            return (step // self.step + 1) * self.step
        return min((one for one in self.step if one > step), default=1 << 62)


@dataclass(frozen=True)
class Exp(_Moving):
    """``exp``."""

    gamma: float

    def value(self, base: float, step: int) -> float:
        found: float = base * self.gamma**step
        return found


@dataclass(frozen=True)
class Inv(_Moving):
    """``inv``."""

    gamma: float
    power: float

    def value(self, base: float, step: int) -> float:
        found: float = base * (1 + self.gamma * step) ** (-self.power)
        return found


@dataclass(frozen=True)
class Lowest:
    """How low a policy goes: an absolute value, or a ratio of the initial one."""

    value: float | None
    ratio: float | None

    def of(self, base: float) -> float:
        """The lowest value of a group."""
        return base * self.ratio if self.ratio is not None else self.value or 0.0


@dataclass(frozen=True)
class PolyPolicy(_Moving):
    """``poly``."""

    power: float
    lowest: float
    length: int

    def value(self, base: float, step: int) -> float:
        share: float = (1 - step / self.length) ** self.power
        return (base - self.lowest) * share + self.lowest


@dataclass(frozen=True)
class Annealing(_Moving):
    """``CosineAnnealing``, ``FlatCosineAnnealing`` and ``LinearAnnealing``."""

    lowest: Lowest
    start: int
    length: int
    is_cosine: bool

    def value(self, base: float, step: int) -> float:
        if step < self.start:
            return base
        part = (step - self.start) / (self.length - self.start)
        return anneal(base, self.lowest.of(base), part, self.is_cosine)


@dataclass(frozen=True)
class Restart(_Moving):
    """``CosineRestart``."""

    periods: Sequence[int]
    weights: Sequence[float]
    lowest: Lowest
    ends: Sequence[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ends", list(accumulate(self.periods)))

    def value(self, base: float, step: int) -> float:
        index = bisect_right(list(accumulate(self.ends, max)), step)
        if index == len(self.ends):
            raise ValueError(f"step {step} lies beyond the last period")
        begin = 0 if index == 0 else self.ends[index - 1]
        part = min((step - begin) / self.periods[index], 1)
        return anneal(base, self.lowest.of(base), part, True, self.weights[index])


@dataclass(frozen=True)
class Cyclic(_Moving):
    """``cyclic``."""

    ratios: tuple[float, float]
    cycle: int
    share_up: float
    is_cosine: bool
    gamma: float

    def value(self, base: float, step: int) -> float:
        cycles, here = divmod(step, self.cycle)
        scale, up = self.gamma**cycles, int(self.share_up * self.cycle)
        high, low = self.ratios
        for first, last, start, end in ((0, up, 1.0, high), (up, self.cycle, high, low)):
            if first <= here < last:
                if first == 0:
                    end = 1 - scale + end * scale
                else:
                    start = 1 - scale + start * scale
                part = (here - first) / (last - first)
                return anneal(base * start, base * end, part, self.is_cosine)
        raise ValueError(f"no phase of the cycle has step {here}")


@dataclass(frozen=True)
class Cycle(_Moving):
    """``OneCycle`` of the learning rate and of the momentum.

    Attributes:
        phases: The last step of each, and the factors or values between which it goes.
        is_factor: Whether it goes between factors of the initial value.
        is_open: Whether the last phase goes on for ever.
    """

    phases: Sequence[tuple[float, float, float]]
    is_cosine: bool
    is_factor: bool
    is_open: bool

    def value(self, base: float, step: int) -> float:
        first: float = 0
        for index, (last, start, end) in enumerate(self.phases):
            if step <= last or (self.is_open and index == len(self.phases) - 1):
                scale = base if self.is_factor else 1
                part = (step - first) / (last - first)
                return anneal(scale * start, scale * end, part, self.is_cosine)
            first = last
        raise ValueError(f"step {step} lies beyond the cycle")


@dataclass(frozen=True)
class YoloX(_Moving):
    """``YOLOX`` of mmdet: a cosine after the warm-up, and a rest at its end."""

    lowest: Lowest
    length: int
    warm_up: int
    rest: int

    def value(self, base: float, step: int) -> float:
        step += 1
        lowest, last = self.lowest.of(base), self.length - self.rest
        if step >= last:
            return lowest
        return anneal(base, lowest, (step - self.warm_up) / (last - self.warm_up), True)


def anneal(start: float, end: float, part: float, is_cosine: bool, weight: float = 1.0) -> float:
    """A value on the way between two, along a cosine or straight."""
    if is_cosine:
        return end + 0.5 * weight * (start - end) * (math.cos(math.pi * part) + 1)
    return start + (end - start) * part


@dataclass(frozen=True)
class WarmUp:
    """The warm-up of a policy.

    Attributes:
        kind: ``constant``, ``linear``, ``exp``, or ``yolox``.
        iterations: How long it lasts.
        ratio: What it begins with.
        divides: Whether it makes the value larger, as that of the momentum does.
    """

    kind: str
    iterations: int
    ratio: float
    divides: bool

    def value(self, regular: float, base: float, iteration: int) -> float:
        """The value in an iteration of the warm-up."""
        return next(iter(self.values(regular, base, iteration, iteration + 1)))

    def values(self, regular: float, base: float, start: int, stop: int) -> Iterator[float]:
        """The values in iterations of the warm-up in which the policy rests.

        Args:
            regular: What the policy gives without a warm-up.
            base: The initial value.
            start: The first iteration.
            stop: The one after the last.
        """
        ratio, length, iterations = self.ratio, self.iterations, range(start, stop)
        if self.kind == "yolox":
            return (base * (ratio * pow((one + 1) / float(length), 2)) for one in iterations)
        factors: Iterator[float]
        if self.kind == "constant":
            factors = repeat(ratio, len(iterations))
        elif self.kind == "linear":
            factors = (1 - (1 - one / length) * (1 - ratio) for one in iterations)
        else:
            factors = (ratio ** (1 - one / length) for one in iterations)
        if self.divides:
            return (regular / factor for factor in factors)
        return (regular * factor for factor in factors)


_ENDS = {"min": None, "min_ratio": None}
POLICIES: Mapping[str, Mapping[str, Any]] = {
    "Fixed": {},
    "Step": {"step": ..., "gamma": 0.1, "min": None},
    "Exp": {"gamma": ...},
    "Poly": {"power": 1.0, "min": 0.0},
    "Inv": {"gamma": ..., "power": 1.0},
    "CosineAnnealing": _ENDS,
    "FlatCosineAnnealing": {"start_percent": 0.75, **_ENDS},
    "CosineRestart": {"periods": ..., "restart_weights": [1], **_ENDS},
    "Cyclic": {
        "target_ratio": (10, 1e-4), "cyclic_times": 1, "step_ratio_up": 0.4,
        "anneal_strategy": "cos", "gamma": 1,
    },
    "OneCycle": {
        "max_lr": ..., "total_steps": None, "pct_start": 0.3, "anneal_strategy": "cos",
        "div_factor": 25, "final_div_factor": 1e4, "three_phase": False,
    },
    "LinearAnnealing": _ENDS,
    "YOLOX": {"num_last_epochs": ..., **_ENDS},
}  # fmt: skip
"""The policies of ``lr_config`` with their arguments; ``min`` stands for ``min_lr``."""

MOMENTUM_POLICIES: Mapping[str, Mapping[str, Any]] = {
    "Step": {"step": ..., "gamma": 0.5, "min": None},
    "CosineAnnealing": _ENDS,
    "LinearAnnealing": _ENDS,
    "Cyclic": {**POLICIES["Cyclic"], "target_ratio": (0.85 / 0.95, 1.0)},
    "OneCycle": {
        "base_momentum": 0.85, "max_momentum": 0.95, "pct_start": 0.3,
        "anneal_strategy": "cos", "three_phase": False,
    },
}  # fmt: skip
"""Those of ``momentum_config``; ``min`` stands for ``min_momentum``."""

COUNTS_ITERATIONS = frozenset({"Cyclic", "OneCycle"})
"""Policies that count iterations, and refuse ``by_epoch=True``."""
