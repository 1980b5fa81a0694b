"""A policy of ``lr_config`` or ``momentum_config``, read as mmcv's hooks are built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.key_path import KeyPath
from mmscaffold.schedule.curves.curve import Break
from mmscaffold.schedule.curves.initial_values import NotKnownError
from mmscaffold.schedule.curves.policies import (
    COUNTS_ITERATIONS,
    MOMENTUM_POLICIES,
    POLICIES,
    Annealing,
    Cycle,
    Cyclic,
    Exp,
    Fixed,
    Inv,
    Lowest,
    Policy,
    PolyPolicy,
    Restart,
    Step,
    WarmUp,
    YoloX,
)

_WARM_UP = ("by_epoch", "warmup", "warmup_iters", "warmup_ratio")


@dataclass(frozen=True)
class Length:
    """How long mmcv's Runner trains.

    Attributes:
        by_epoch: Whether it counts epochs.
        maximum: Its length, in that unit.
        batches: Iterations of an epoch; ``None`` if not known.
    """

    by_epoch: bool
    maximum: int
    batches: int | None

    @property
    def iterations(self) -> int:
        """Iterations of the whole training."""
        return self.maximum * (self.batches or 1) if self.by_epoch else self.maximum


class PolicyReader:
    """Reads a policy.

    Args:
        values: What the config holds.
        path: Where.
        is_momentum: Whether it is one of ``momentum_config``.
        length: How long the training is.
    """

    def __init__(self, values: Any, path: KeyPath, is_momentum: bool, length: Length) -> None:
        if isinstance(values, Unknown):
            raise NotKnownError(Break(0, values.reason, path))
        if not isinstance(values, Mapping):
            raise NotKnownError(Break(0, f"must be a dict, not {values!r}", path, True))
        self._values, self._path, self._length = dict(values), path, length
        self._is_momentum = is_momentum
        self._minimum = "min_momentum" if is_momentum else "min_lr"

    def read(self) -> tuple[bool, Policy, WarmUp | None, float | None]:
        """What it does.

        Returns:
            Whether it counts epochs, the policy, its warm-up, and what it sets the initial
            value to, if it does.

        Raises:
            NotKnownError: If something is not known, or mmcv refuses it.
        """
        for key, value in self._values.items():
            for one in (value, *(value if isinstance(value, list | tuple) else ())):
                if isinstance(one, Unknown):
                    raise NotKnownError(Break(0, one.reason, (*self._path, key)))
        written = self._values.pop("policy", None)
        if not isinstance(written, str):
            raise self._refused("has no policy")
        name = written.title() if written == written.lower() else written
        policies = MOMENTUM_POLICIES if self._is_momentum else POLICIES
        if name not in policies:
            reason = f"what the policy {written!r} does is not known"
            raise NotKnownError(Break(0, reason, (*self._path, "policy")))
        values = self._arguments(name, policies[name])
        by_epoch = self._counts_epochs(name)
        warm_up = self._warm_up(name)
        try:
            policy, start = self._policy(name, values, by_epoch, warm_up)
        except (ArithmeticError, TypeError, ValueError) as error:
            raise self._refused(f"{type(error).__name__}: {error}") from error
        return by_epoch, policy, warm_up, start

    def _arguments(self, name: str, defaults: Mapping[str, Any]) -> dict[str, Any]:
        known = {self._key(key): key for key in defaults}
        shared = _WARM_UP if self._is_momentum else (*_WARM_UP, "warmup_by_epoch")
        found = dict(defaults)
        for key, value in self._values.items():
            if key in known:
                found[known[key]] = value
            elif key not in shared:
                raise self._refused(f"the policy {name} does not take it", key)
        for key, value in found.items():
            if value is ...:
                raise self._refused(f"the policy {name} needs {self._key(key)}")
        if {"min", "min_ratio"} <= found.keys():
            ways = [key for key in ("min", "min_ratio") if found[key] is not None]
            if len(ways) != 1:
                keys = f"{self._minimum} and {self._minimum}_ratio"
                raise self._refused(f"just one of {keys} must be set")
        return found

    def _key(self, key: str) -> str:
        return self._minimum + key.removeprefix("min") if key in ("min", "min_ratio") else key

    def _counts_epochs(self, name: str) -> bool:
        default = self._is_momentum or self._length.by_epoch
        default = default and name not in COUNTS_ITERATIONS
        by_epoch = bool(self._values.get("by_epoch", default))
        if by_epoch and name in COUNTS_ITERATIONS:
            raise self._refused(f"the policy {name} needs by_epoch=False", "by_epoch")
        return by_epoch

    def _warm_up(self, name: str) -> WarmUp | None:
        kind = self._values.get("warmup")
        iterations = self._values.get("warmup_iters", 0)
        ratio = self._values.get("warmup_ratio", 0.9 if self._is_momentum else 0.1)
        if kind is None:
            return None
        if kind not in ("constant", "linear", "exp"):
            raise self._refused("must be 'constant', 'linear' or 'exp'", "warmup")
        if not isinstance(iterations, int) or iterations <= 0:
            raise self._refused("must be a positive integer", "warmup_iters")
        if not isinstance(ratio, int | float) or not 0 < ratio <= 1:
            raise self._refused("must lie above 0, and not above 1", "warmup_ratio")
        if self._values.get("warmup_by_epoch", False):
            if not self._length.by_epoch:
                raise self._refused("IterBasedRunner has no epochs", "warmup_by_epoch")
            iterations *= self._length.batches or 1
        return WarmUp("yolox" if name == "YOLOX" else kind, iterations, ratio, self._is_momentum)

    def _policy(
        self, name: str, values: Mapping[str, Any], by_epoch: bool, warm_up: WarmUp | None
    ) -> tuple[Policy, float | None]:
        steps = self._steps(by_epoch)
        lowest = Lowest(values.get("min"), values.get("min_ratio"))
        if name == "Step":
            self._check_step(values["step"])
            return Step(values["step"], values["gamma"], values["min"]), None
        if name == "Exp":
            return Exp(values["gamma"]), None
        if name == "Inv":
            return Inv(values["gamma"], values["power"]), None
        if name == "Poly":
            return PolyPolicy(values["power"], values["min"], steps), None
        if name in ("CosineAnnealing", "LinearAnnealing"):
            return Annealing(lowest, 0, steps, name == "CosineAnnealing"), None
        if name == "FlatCosineAnnealing":
            share = self._share(values["start_percent"], "start_percent")
            return Annealing(lowest, round(steps * share), steps, True), None
        if name == "CosineRestart":
            if len(values["periods"]) != len(values["restart_weights"]):
                raise self._refused("periods and restart_weights must have the same length")
            return Restart(values["periods"], values["restart_weights"], lowest), None
        if name == "Cyclic":
            return self._cyclic(values), None
        if name == "OneCycle":
            return self._cycle(values)
        if name == "YOLOX":
            batches = self._length.batches
            if batches is None:
                reason = "the iterations of an epoch are not known"
                raise NotKnownError(Break(0, reason, self._path))
            # mmdet takes them for epochs and for iterations alike.
            warm = self._values.get("warmup_iters", 0)
            warm = warm if warm_up is None else warm_up.iterations
            return YoloX(lowest, steps, warm, batches * values["num_last_epochs"]), None
        return Fixed(), None

    def _steps(self, by_epoch: bool) -> int:
        return self._length.maximum if by_epoch else self._length.iterations

    def _check_step(self, step: Any) -> None:
        every = step if isinstance(step, list) else [step]
        if not all(isinstance(one, int) and one > 0 for one in every):
            raise self._refused("must be a positive integer, or a list of them", "step")

    def _share(self, share: Any, key: str) -> float:
        if not isinstance(share, float) or not 0 <= share <= 1:
            raise self._refused("must be a float between 0 and 1", key)
        return share

    def _is_cosine(self, values: Mapping[str, Any]) -> bool:
        if values["anneal_strategy"] not in ("cos", "linear"):
            raise self._refused("must be 'cos' or 'linear'", "anneal_strategy")
        return bool(values["anneal_strategy"] == "cos")

    def _cyclic(self, values: Mapping[str, Any]) -> Cyclic:
        ratios, up, gamma = values["target_ratio"], values["step_ratio_up"], values["gamma"]
        if isinstance(ratios, float):
            ratios = (ratios, ratios / 1e5)
        elif isinstance(ratios, tuple) and len(ratios) == 1:
            ratios = (ratios[0], ratios[0] / 1e5)
        if not isinstance(ratios, tuple) or len(ratios) != 2:
            raise self._refused("must be a float, or a tuple of two", "target_ratio")
        if not 0 <= up < 1:
            raise self._refused("must be at least 0, and below 1", "step_ratio_up")
        if not self._is_momentum and not 0 < gamma <= 1:
            raise self._refused("must lie above 0, and not above 1", "gamma")
        cycle = self._length.iterations // values["cyclic_times"]
        return Cyclic(ratios, cycle, up, self._is_cosine(values), gamma)

    def _cycle(self, values: Mapping[str, Any]) -> tuple[Cycle, float | None]:
        share = self._share(values["pct_start"], "pct_start")
        is_cosine, steps = self._is_cosine(values), self._length.iterations
        keys = ("base_momentum", "max_momentum") if self._is_momentum else ("max_lr",)
        for key in keys:
            if not isinstance(values[key], int | float):
                reason = "depends on the group of the parameters"
                raise NotKnownError(Break(0, reason, (*self._path, key)))
        if self._is_momentum:
            low, high = values["base_momentum"], values["max_momentum"]
            ends: list[tuple[float, float]] = [(high, low), (low, high)]
            ends += [(high, high)] if values["three_phase"] else []
            return Cycle(
                _phases(share, steps, ends, bool(values["three_phase"])), is_cosine, False, True
            ), high
        total, divisor = values["total_steps"], values["div_factor"]
        total = steps if total is None else total
        if not isinstance(total, int) or total < steps:
            raise self._refused(f"must be an integer of at least {steps}", "total_steps")
        last = 1 / values["final_div_factor"]
        ends = [(1, divisor), (divisor, last)]
        if values["three_phase"]:
            ends = [(1, divisor), (divisor, 1), (1, last)]
        phases = _phases(share, total, ends, bool(values["three_phase"]))
        return Cycle(phases, is_cosine, True, False), values["max_lr"] / divisor

    def _refused(self, reason: str, key: str | None = None) -> NotKnownError:
        path = self._path if key is None else (*self._path, key)
        return NotKnownError(Break(0, reason, path, is_refusal=True))


def _phases(
    share: float, total: int, ends: list[tuple[float, float]], has_three: bool
) -> list[tuple[float, float, float]]:
    """The last step of each phase, and between what it goes."""
    lasts: list[float] = [float(share * total) - 1]
    lasts += [float(2 * share * total) - 2] if has_three else []
    lasts.append(total - 1)
    return [(last, *pair) for last, pair in zip(lasts, ends, strict=True)]
