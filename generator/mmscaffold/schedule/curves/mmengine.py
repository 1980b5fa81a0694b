"""The curves of a config for mmengine's Runner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.config.evaluate.values import LazyName, Unknown
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.packages import ROOT_SCOPE
from mmscaffold.facts.schedulers import scheduler_family
from mmscaffold.schedule.curves.curve import Break, Curve, Segment, is_finite
from mmscaffold.schedule.curves.families import check_values, class_arguments, recurrence
from mmscaffold.schedule.curves.initial_values import (
    LEARNING_RATE,
    NotKnownError,
    initial_value,
    optimizer_names,
)
from mmscaffold.schedule.curves.plateau import Plateau
from mmscaffold.schedule.curves.reading import Entry, read_entry
from mmscaffold.schedule.curves.recurrences import Group
from mmscaffold.schedule.curves.setup import Setup, Timeline, timeline
from mmscaffold.schedule.curves.stepping import FAILURES, Stepper, Stepping

_SCHEDULERS: KeyPath = ("param_scheduler",)
_HOOK = "ParamSchedulerHook"


def mmengine_curve(
    config: Mapping[str, Any],
    parameter: str = LEARNING_RATE,
    *,
    setup: Setup | None = None,
    optimizer: str = "",
    initial: float | None = None,
) -> Curve:
    """The value of a parameter in every iteration of a training.

    It is what mmengine's schedulers make of it, stepped as the Runner steps them. Where the
    config does not tell it, the curve breaks off with the reason; nothing is guessed.

    Args:
        config: A resolved config.
        parameter: ``lr``, ``momentum`` (with Adam, the first beta), ``weight_decay``, or what
            a ``param_name`` says.
        setup: What the config does not say, such as the iterations of an epoch.
        optimizer: The key of one of several optimizers.
        initial: What a group begins with; that of the optimizer by default. A parameter with
            ``lr_mult`` is in another group.
    """
    setup = setup or Setup()
    times = timeline(config, setup)
    try:
        return Curve(_stepping(config, parameter, setup, times, optimizer, initial))
    except NotKnownError as problem:
        return Curve(iter((problem.where,)))


def scheduled_parameters(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each optimizer, by its key, with each parameter of it that schedulers change."""
    found: dict[tuple[str, str], None] = {}
    times = timeline(config, Setup(iterations_per_epoch=1))
    for optimizer in optimizer_names(config):
        try:
            entries, _ = _entries(config, optimizer, times)
        except NotKnownError:
            continue
        found.update({(optimizer, entry.parameter): None for entry in entries})
    return list(found)


def _stepping(
    config: Mapping[str, Any],
    parameter: str,
    setup: Setup,
    times: Timeline,
    optimizer: str,
    initial: float | None,
) -> Iterator[Segment | Break]:
    entries, limit = _entries(config, optimizer, times)
    value = initial_value(config, parameter, optimizer, setup) if initial is None else initial
    group: Group = {parameter: value}
    steppers: list[Stepper] = []
    plateaus: list[Plateau] = []
    for entry in entries:
        if entry.parameter != parameter:
            continue
        if entry.first > 0 and f"initial_{parameter}" not in group:
            raise entry.refuse("needs an initial value that no scheduler before it has set")
        try:
            if entry.kind.family.after_validations:
                group.setdefault(f"initial_{parameter}", value)
                plateaus.append(Plateau(entry))
                continue
            if entry.kind.family.name != "OneCycle":
                group.setdefault(f"initial_{parameter}", value)
            stepper = Stepper(entry, recurrence(entry, group))
            # Its constructor takes the first step.
            value = stepper.apply(value, 0)
            if not is_finite(value):
                raise ValueError(f"the value would be {value}")
        except FAILURES as error:
            reason = f"{entry.kind.name} fails: {type(error).__name__}: {error}"
            raise entry.refuse(reason) from error
        steppers.append(stepper)
    if not _hook_steps(config):
        steppers, plateaus = [], []
    if times.batches is None and times.counts_epochs:
        limit = _without_batches(steppers, plateaus, limit)
    return Stepping(value, steppers, plateaus, times, setup.metrics, limit).segments()


def _entries(
    config: Mapping[str, Any], optimizer: str, times: Timeline
) -> tuple[list[Entry], Break | None]:
    """The schedulers of an optimizer, and from where on one of them is not known.

    Raises:
        NotKnownError: If not even the first iteration is known.
    """
    found: list[Entry] = []
    limit: Break | None = None
    scope = config.get("default_scope") or ROOT_SCOPE
    for path, value in _written(config, optimizer):
        try:
            entry = read_entry(value, path, times, str(scope), _arguments)
            check_values(entry)
            found.append(entry)
        except NotKnownError as problem:
            if problem.where.iteration == 0:
                raise
            if limit is None or problem.where.iteration < limit.iteration:
                limit = problem.where
    return found, limit


def _arguments(name: str) -> Mapping[str, Any]:
    return class_arguments(scheduler_family(name).name, name)


def _written(config: Mapping[str, Any], optimizer: str) -> Iterator[tuple[KeyPath, Any]]:
    """What the config holds for an optimizer, in the order in which the Runner builds it."""
    value, path = config.get("param_scheduler"), _SCHEDULERS
    if optimizer and isinstance(value, Mapping) and "type" not in value:
        if optimizer not in value:
            reason = f"has no schedulers for the optimizer {optimizer!r}"
            raise NotKnownError(Break(0, reason, path, is_refusal=True))
        value, path = value[optimizer], (*path, optimizer)
    if isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield (*path, index), _named(item)
    elif value is not None:
        yield path, _named(value)


def _named(value: Any) -> Any:
    """A scheduler with its class as text; pure-Python configs hold the class itself."""
    if isinstance(value, Mapping) and isinstance(value.get("type"), LazyName):
        return {**value, "type": value["type"].dumped}
    return value


def _hook_steps(config: Mapping[str, Any]) -> bool:
    """Whether the Runner has the hook that steps the schedulers.

    Raises:
        NotKnownError: If the config has another hook in its place.
    """
    hooks = config.get("default_hooks")
    if not isinstance(hooks, Mapping) or "param_scheduler" not in hooks:
        return True
    hook, path = hooks["param_scheduler"], ("default_hooks", "param_scheduler")
    if hook is None:
        return False
    type_ = hook.get("type") if isinstance(hook, Mapping) else hook
    type_ = type_.dumped if isinstance(type_, LazyName) else type_
    if not isinstance(type_, str) or type_.rpartition(".")[2] != _HOOK:
        reason = f"what {type_} does is not known"
        if isinstance(type_, Unknown):
            reason = type_.reason
        raise NotKnownError(Break(0, reason, (*path, "type")))
    return True


def _without_batches(
    steppers: list[Stepper], plateaus: list[Plateau], limit: Break | None
) -> Break | None:
    """Where a curve breaks off whose epochs have no known length: after the first iteration."""
    waiting = [one.entry for one in plateaus]
    waiting += [one.entry for one in steppers if one.entry.by_epoch and _moves_later(one)]
    if not waiting:
        return limit
    return Break(1, "the iterations of an epoch are not known", waiting[0].path)


def _moves_later(stepper: Stepper) -> bool:
    return stepper.next_change(1) < stepper.stop
