"""One entry of ``param_scheduler``, read as the Runner builds it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.packages import PACKAGES
from mmscaffold.facts.schedulers import Role, SchedulerFamily, scheduler_family
from mmscaffold.schedule.curves.curve import Break, is_finite
from mmscaffold.schedule.curves.initial_values import (
    LEARNING_RATE,
    MOMENTUM,
    WEIGHT_DECAY,
    NotKnownError,
)
from mmscaffold.schedule.curves.setup import LENGTH, Timeline

INF = int(1e9)  # mmengine/optim/scheduler/param_scheduler.py

_COMMON = frozenset({"begin", "end", "by_epoch", "last_step", "verbose"})
_PARAMETERS = {"LR": LEARNING_RATE, "Momentum": MOMENTUM}
_CONVERTED = {Role.PERIOD, Role.PART, Role.MOMENTS, Role.PARTS}


@dataclass(frozen=True)
class Kind:
    """The class of a scheduler.

    Attributes:
        name: Without scope or module.
        family: What is known of its kind.
        parameter: What it changes; ``None`` where its ``param_name`` says it.
        scope: The scope whose registry it is looked up in.
    """

    name: str
    family: SchedulerFamily
    parameter: str | None
    scope: str


@dataclass(frozen=True)
class Entry:
    """A scheduler with its arguments in the unit that it steps in.

    Attributes:
        path: Where the config holds it.
        kind: Its class.
        parameter: What it changes, such as ``lr``.
        begin: The first step that it changes.
        end: The step before which it ends.
        by_epoch: Whether a step is an epoch; else an iteration.
        first: The number of its first step within ``begin`` and ``end``.
        values: Its other arguments.
    """

    path: KeyPath
    kind: Kind
    parameter: str
    begin: float
    end: float
    by_epoch: bool
    first: int
    values: Mapping[str, Any]

    def refuse(self, reason: str, key: str | None = None) -> NotKnownError:
        """What mmengine refuses."""
        path = self.path if key is None else (*self.path, key)
        return NotKnownError(Break(0, reason, path, is_refusal=True))


def scheduler_kind(type_: str, default_scope: str) -> Kind | None:
    """What is known of a class; ``None`` of one of a project's own."""
    scope, _, name = type_.rpartition(".")
    if scope and scope.partition(".")[0] not in PACKAGES:
        return None
    scope = scope.partition(".")[0] or default_scope
    family = scheduler_family(name)
    stem = family.name + ("Warmup" if family.name == "Quadratic" else "")
    ending = name.removeprefix(stem)
    if not family.name or family.name in _NOT_MMENGINES or not name.startswith(stem):
        return None
    if name in _ELSEWHERE:
        scopes, parameter = _ELSEWHERE[name]
        return Kind(name, family, parameter, scope) if scope in scopes else None
    if ending not in ("LR", "Momentum", "ParamScheduler"):
        return None
    if family.name == "OneCycle" and ending == "Momentum":
        return None
    return Kind(name, family, _PARAMETERS.get(ending), scope)


# Classes of other registries than mmengine's, whose scopes they need, and what they change.
_DETECTION = frozenset({"mmdet", "mmpose"})
_ELSEWHERE: Mapping[str, tuple[frozenset[str], str | None]] = {
    "QuadraticWarmupLR": (_DETECTION, LEARNING_RATE),
    "QuadraticWarmupMomentum": (_DETECTION, MOMENTUM),
    "QuadraticWarmupParamScheduler": (_DETECTION, None),
    "PolyLRRatio": (frozenset({"mmseg"}), LEARNING_RATE),
    "CosineAnnealingWeightDecay": (frozenset({"mmpretrain"}), WEIGHT_DECAY),
}
_NOT_MMENGINES = ("ReduceLR",)


def read_entry(
    value: Any,
    path: KeyPath,
    times: Timeline,
    default_scope: str,
    arguments: Callable[[str], Mapping[str, Any]],
) -> Entry:
    """Read a scheduler, and convert it to iterations where it says so.

    Args:
        value: What the config holds.
        path: Where.
        times: When the training steps.
        default_scope: That of the config.
        arguments: Tells what a class takes, with its defaults; ``...`` where it has none.

    Raises:
        NotKnownError: If something is not known, or mmengine refuses it.
    """
    if isinstance(value, Unknown):
        raise NotKnownError(Break(0, value.reason, path))
    if not isinstance(value, Mapping):
        raise NotKnownError(Break(0, f"must be a dict, not {value!r}", path, is_refusal=True))
    values = dict(value)
    scope = values.pop("_scope_", None) or default_scope
    type_ = values.pop("type", None)
    kind = scheduler_kind(str(type_), str(scope)) if type_ is not None else None
    if type_ is None:
        raise NotKnownError(Break(0, "has no type", path, is_refusal=True))
    if kind is None:
        unknown = f"what {type_} does is not known"
        if isinstance(type_, Unknown):
            unknown = type_.reason
        raise NotKnownError(Break(0, unknown, (*path, "type")))
    return _Reader(path, kind, values, times).read(arguments(kind.name))


class _Reader:
    """Reads the arguments of one scheduler."""

    def __init__(self, path: KeyPath, kind: Kind, values: dict[str, Any], times: Timeline) -> None:
        self.path, self.kind, self.values, self.times = path, kind, values, times

    def read(self, arguments: Mapping[str, Any]) -> Entry:
        by_epoch = bool(self._known("by_epoch", True))
        converts = bool(self._known("convert_to_iter_based", False))
        self.values.pop("convert_to_iter_based", None)
        length = self.values.pop("epoch_length", self.times.batches)
        if converts:
            if not by_epoch:
                raise self._refused("needs by_epoch=True", "convert_to_iter_based")
            if self.kind.family.after_validations:
                raise self._refused(f"{self.kind.name} cannot convert", "convert_to_iter_based")
        self._check_names(arguments)
        begin = self._number("begin", 0)
        # What is not known matters from where it begins.
        self._steps_by_epoch, self._begin = by_epoch, begin
        end = self._end(by_epoch, arguments)
        parameter = self.kind.parameter or self._known("param_name", None)
        values = {**arguments}
        values.update((key, self._known(key, None)) for key in self.values if key in arguments)
        for key, value in values.items():
            if value is ...:
                raise self._refused(f"{self.kind.name} needs {key}")
        if converts:
            if length is None:
                raise self._later("the iterations of an epoch are not known")
            begin, end, values = self._converted(begin, end, values, length)
        if end <= begin:
            what = f"end must be larger than begin, but end is {end} and begin is {begin}"
            raise self._refused(what, "end" if "end" in self.values else None)
        first = self._known("last_step", -1)
        if not isinstance(first, int) or first < -1:
            raise self._refused("must be -1 or more", "last_step")
        steps = by_epoch and not converts
        return Entry(self.path, self.kind, str(parameter), begin, end, steps, first + 1, values)

    def _check_names(self, arguments: Mapping[str, Any]) -> None:
        known = {*arguments, *_COMMON}
        if self.kind.parameter is None:
            known.add("param_name")
            if "param_name" not in self.values:
                raise self._refused(f"{self.kind.name} needs param_name")
        for key in self.values:
            if key not in known:
                raise self._refused(f"{self.kind.name} does not take it", str(key))

    def _end(self, by_epoch: bool, arguments: Mapping[str, Any]) -> float:
        if "end" in self.values:
            return self._number("end", INF)
        end = self.times.max_epochs if by_epoch else self.times.max_iters
        if end is not None:
            return end
        if self._fits_any_length(arguments):
            return INF
        if self.times.unit is None or self.times.maximum is None:
            raise self._later("ends with the training, whose length is not known", LENGTH)
        raise self._later("the iterations of an epoch are not known")

    def _fits_any_length(self, arguments: Mapping[str, Any]) -> bool:
        """Whether it does not matter to its values where it ends."""
        if self.kind.family.name in ("CosineAnnealing", "OneCycle"):
            period = next(iter(self.kind.family.steps))
            return self.values.get(period) not in (None, 0)
        return self.kind.family.name not in ("Constant", "Linear", "Poly", "Quadratic")

    def _converted(
        self, begin: float, end: float, values: dict[str, Any], length: int
    ) -> tuple[float, float, dict[str, Any]]:
        """What ``build_iter_from_epoch`` makes of the steps."""
        if length <= 0:
            raise self._refused("epoch_length must be a positive integer")
        for key, role in self.kind.family.steps.items():
            value = values.get(key)
            if role not in _CONVERTED or value is None:
                continue
            if isinstance(value, list | tuple):
                values[key] = [one * length for one in value]
            else:
                values[key] = value * length
        whole: Callable[[float], float] = int
        if self.kind.family.name == "Quadratic":
            whole = float if isinstance(begin * end, float) else int
        return whole(begin * length), end if end == INF else whole(end * length), values

    def _number(self, key: str, default: float) -> float:
        value = self._known(key, default)
        if not is_finite(value):
            raise self._refused(f"must be a number, not {value!r}", key)
        number: float = value
        return number

    def _known(self, key: str, default: Any) -> Any:
        value = self.values.get(key, default)
        for one in (value, *(value if isinstance(value, list | tuple) else ())):
            if isinstance(one, Unknown):
                raise self._later(one.reason, (*self.path, key))
        return value

    def _later(self, reason: str, path: KeyPath | None = None) -> NotKnownError:
        """What is not known from where the scheduler begins."""
        begin = getattr(self, "_begin", 0)
        each: int | None = 1
        if getattr(self, "_steps_by_epoch", True):
            each = self.times.batches
        start = math.ceil(begin * each) if begin > 0 and each and begin < INF else 0
        return NotKnownError(Break(start, reason, path or self.path))

    def _refused(self, reason: str, key: str | None = None) -> NotKnownError:
        path = self.path if key is None else (*self.path, key)
        return NotKnownError(Break(0, reason, path, is_refusal=True))
