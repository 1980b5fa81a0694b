"""The curves of a config for mmcv's Runner: ``lr_config`` and ``momentum_config`` of 2.x.

Source: mmcv 1.7.2, LrUpdaterHook and MomentumUpdaterHook, and both Runners.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.key_path import KeyPath
from mmscaffold.schedule.curves.curve import ENDLESS, Break, Curve, Segment
from mmscaffold.schedule.curves.initial_values import (
    LEARNING_RATE,
    MOMENTUM,
    NotKnownError,
    optimizer_value,
)
from mmscaffold.schedule.curves.policies import Fixed, Policy, WarmUp
from mmscaffold.schedule.curves.policy_reading import Length, PolicyReader
from mmscaffold.schedule.curves.setup import Setup
from mmscaffold.schedule.curves.stepping import CHUNK, FAILURES, MOST_WORK

_CONFIGS = {LEARNING_RATE: "lr_config", MOMENTUM: "momentum_config"}


def mmcv_curve(
    config: Mapping[str, Any],
    parameter: str = LEARNING_RATE,
    *,
    setup: Setup | None = None,
    optimizer: str = "",
    initial: float | None = None,
) -> Curve:
    """The value of a parameter in every iteration of a training with mmcv's Runner.

    Args:
        config: A resolved config of 2.x.
        parameter: ``lr`` or ``momentum`` (with Adam, the first beta).
        setup: What the config does not say, such as the iterations of an epoch.
        optimizer: The key of one of several optimizers.
        initial: What a group begins with; that of the optimizer by default.
    """
    try:
        return Curve(_curve(config, parameter, setup or Setup(), optimizer, initial))
    except NotKnownError as problem:
        return Curve(iter((problem.where,)))


def mmcv_length(config: Mapping[str, Any], setup: Setup) -> Length:
    """How long mmcv's Runner trains, by ``runner`` or the older keys.

    Raises:
        NotKnownError: If the config does not tell.
    """
    runner = config.get("runner")
    if isinstance(runner, Unknown):
        raise NotKnownError(Break(0, runner.reason, ("runner",)))
    by_epoch = True
    path: KeyPath = ("total_epochs",)
    if isinstance(runner, Mapping):
        by_epoch = not str(runner.get("type", "EpochBasedRunner")).startswith("IterBased")
        path = ("runner", "max_epochs" if by_epoch else "max_iters")
        maximum = runner.get(path[1])
    elif "total_iters" in config and "total_epochs" not in config:
        by_epoch, path = False, ("total_iters",)
        maximum = config["total_iters"]
    else:
        maximum = config.get("total_epochs")
    if setup.maximum is not None:
        maximum = setup.maximum
    if not isinstance(maximum, int) or maximum < 0:
        reason = maximum.reason if isinstance(maximum, Unknown) else "the length is not known"
        raise NotKnownError(Break(0, reason, path))
    if by_epoch and setup.iterations_per_epoch is None:
        raise NotKnownError(Break(0, "the iterations of an epoch are not known", path))
    return Length(by_epoch, maximum, setup.iterations_per_epoch)


def _curve(
    config: Mapping[str, Any],
    parameter: str,
    setup: Setup,
    optimizer: str,
    initial: float | None,
) -> Iterator[Segment | Break]:
    length = mmcv_length(config, setup)
    base = _initial(config, parameter, optimizer) if initial is None else initial
    _refuse_others(config, parameter, length)
    key = _CONFIGS.get(parameter)
    if key is None or config.get(key) is None:
        return iter((Segment(0, length.iterations, base),))
    path: KeyPath = (key,)
    reader = PolicyReader(config[key], path, parameter == MOMENTUM, length)
    by_epoch, policy, warm_up, start = reader.read()
    base = base if start is None else start
    if by_epoch and not length.by_epoch:
        # Its Runner never calls before_train_epoch; only YOLOX can warm up without that.
        if warm_up is not None and warm_up.kind == "yolox":
            last = warm_up.value(base, base, warm_up.iterations - 1)
            return _Path(path, base, False, Fixed(last), warm_up, length).segments()
        return iter((Segment(0, length.iterations, base),))
    return _Path(path, base, by_epoch, policy, warm_up, length).segments()


def _refuse_others(config: Mapping[str, Any], parameter: str, length: Length) -> None:
    """Raise what ends the training before it begins, in the policy of another parameter."""
    for other, key in _CONFIGS.items():
        if other == parameter or config.get(key) is None:
            continue
        try:
            PolicyReader(config[key], (key,), other == MOMENTUM, length).read()
        except NotKnownError as problem:
            if problem.where.is_refusal:
                raise


def _initial(config: Mapping[str, Any], parameter: str, name: str) -> float:
    scaling = config.get("auto_scale_lr")
    if isinstance(scaling, Mapping) and scaling.get("enable") and parameter == LEARNING_RATE:
        reason = "scales the learning rate by the number of GPUs, which is not known"
        raise NotKnownError(Break(0, reason, ("auto_scale_lr", "enable")))
    values = config.get("optimizer")
    path: KeyPath = ("optimizer",)
    if name and isinstance(values, Mapping):
        values, path = values.get(name), (*path, name)
    if isinstance(values, Unknown):
        raise NotKnownError(Break(0, values.reason, path))
    if not isinstance(values, Mapping):
        raise NotKnownError(Break(0, "the config sets no optimizer", path))
    return optimizer_value(values, path, parameter)


@dataclass(frozen=True)
class _Path:
    """One policy with its warm-up, through a training."""

    path: KeyPath
    base: float
    by_epoch: bool
    policy: Policy
    warm_up: WarmUp | None
    length: Length

    def segments(self) -> Iterator[Segment | Break]:
        batches = (self.length.batches or 1) if self.by_epoch else 1
        here, warm, work = 0, self._warm_up_end, 0
        while here < self.length.iterations:
            step = here // batches
            stop = min(self.policy.rests_until(step) * batches, self.length.iterations, ENDLESS)
            if here < warm:
                stop = min(stop, warm, here + CHUNK)
            if stop - here <= 1 or here < warm:
                # One value for each iteration.
                stop = min(max(stop, here + CHUNK), self.length.iterations)
                stop = min(stop, warm) if here < warm else stop
                if batches > 1:
                    stop = min(stop, (step + 1) * batches)
                values, problem = self._values(here, stop, batches)
                yield Segment(here, here + len(values), values)
                work += stop - here
            else:
                values, problem = self._values(here, here + 1, batches)
                if values:
                    yield Segment(here, stop, values[0])
                work += 20
            if problem is None and work > MOST_WORK:
                problem = Break(stop, f"not computed beyond {MOST_WORK:,} values")
            if problem is not None:
                yield problem
                return
            here = stop

    @property
    def _warm_up_end(self) -> int:
        return 0 if self.warm_up is None else self.warm_up.iterations

    def _values(self, start: int, stop: int, batches: int) -> tuple[array[float], Break | None]:
        found = array("d")
        try:
            while start + len(found) < stop:
                here = start + len(found)
                step = here // batches
                end = min(self.policy.rests_until(step) * batches, stop)
                regular = self.policy.value(self.base, step)
                if self.warm_up is not None and here < self._warm_up_end:
                    end = min(end, self._warm_up_end)
                    found.extend(self.warm_up.values(regular, self.base, here, end))
                elif batches == 1 and end - here == 1:
                    # It moves in every iteration, or could: all that are left at once.
                    found.extend(map(partial(self.policy.value, self.base), range(step, stop)))
                elif end - here == 1:
                    found.append(regular)
                else:
                    found.extend(array("d", (regular,)) * (end - here))
        except FAILURES as error:
            reason = f"the policy fails: {type(error).__name__}: {error}"
            return found, Break(start + len(found), reason, self.path, is_refusal=True)
        return found, None
