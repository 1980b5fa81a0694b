"""One scheduler from epochs to iterations, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mmscaffold.config.change import MISSING, Adjustment, Change
from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.facts.schedulers import STEP_ARGUMENTS, Role, scheduler_family
from mmscaffold.schedule.schedulers import first_step, is_opening, scheduler_name
from mmscaffold.schedule.steps import are_between_steps, counts_epochs, is_place

# What mmengine's build_iter_from_epoch multiplies by the iterations of an epoch.
_SPANS = (Role.PERIOD, Role.PART, Role.MOMENTS, Role.PARTS)
_ARGUMENTS = ("begin", "end", *(key for key, role in STEP_ARGUMENTS.items() if role in _SPANS))
_PERIODS = tuple(key for key, role in STEP_ARGUMENTS.items() if role is Role.PERIOD)
_CADENCES = tuple(key for key, role in STEP_ARGUMENTS.items() if role is Role.CADENCE)


def scheduler_to_iterations(
    path: KeyPath, scheduler: Mapping[str, Any], iters_per_epoch: int, found: Adjustment
) -> None:
    """Let a scheduler that counts epochs count iterations.

    Args:
        path: Its key.
        scheduler: The scheduler; one that counts iterations already stays as it is.
        iters_per_epoch: How many iterations one epoch has.
        found: Takes the changes and notes.
    """
    if not counts_epochs(scheduler, "by_epoch"):
        return
    name = scheduler_name(scheduler)
    family = scheduler_family(name)
    if family.after_validations:
        found.notes.append(
            f"{format_key_path(path)} left alone: {name} counts validations, by epoch only"
        )
        return
    why = f"{iters_per_epoch} iterations per epoch"
    is_converted = bool(scheduler.get("convert_to_iter_based"))

    def in_iterations(step: float) -> int:
        # As build_iter_from_epoch of mmengine; 0.7 * 100 is 70 here, not 69.99.
        return int(round(step * iters_per_epoch, 6))

    # A cadence counts iterations already where mmengine converts the rest.
    arguments = _ARGUMENTS if is_converted else (*_ARGUMENTS, *_CADENCES)
    for key, value in _scaled(scheduler, arguments, in_iterations).items():
        found.changes.append(Change((*path, key), value, why))
    found.changes.append(Change((*path, "by_epoch"), False, "counts iterations"))
    if "convert_to_iter_based" in scheduler:
        found.changes.append(
            Change(
                (*path, "convert_to_iter_based"), MISSING, "no longer needed: it counts iterations"
            )
        )
    if is_converted:
        return
    for key, role in STEP_ARGUMENTS.items():
        moments = scheduler.get(key)
        if role is Role.MOMENTS and are_between_steps(moments):
            found.notes.append(
                f"{format_key_path((*path, key))} = {list(moments)}: counting whole epochs, "
                "mmengine never came to those between; now it does"
            )
    factor = family.per_step
    if factor is not None and isinstance(scheduler.get(factor), float):
        each = scheduler[factor] ** (1 / iters_per_epoch)
        found.changes.append(Change((*path, factor), each, "the same decay over an epoch"))
    if not family.is_stepwise(scheduler):
        found.notes.append(
            f"{format_key_path(path)}: {name} now changes the rate at every iteration, "
            "instead of once per epoch"
        )


def scheduler_to_epochs(
    path: KeyPath,
    scheduler: Mapping[str, Any],
    iters_per_epoch: int,
    found: Adjustment,
    maximum: int = 0,
) -> None:
    """Let a scheduler that counts iterations count epochs, if its steps are whole epochs.

    The rate stays the same at each iteration: a scheduler that changes it all the time gets
    ``convert_to_iter_based``. One whose steps are not whole epochs keeps counting
    iterations, which training by epochs allows. What ends with the training goes on to do so,
    also where the training is rounded up to a whole number of epochs.

    Args:
        path: Its key.
        scheduler: The scheduler.
        iters_per_epoch: How many iterations one epoch has.
        found: Takes the changes and notes.
        maximum: How many iterations the training has.
    """
    if counts_epochs(scheduler, "by_epoch") is not False:
        return
    whole = -(-maximum // iters_per_epoch)
    ends = _moved_ends(scheduler, maximum, whole * iters_per_epoch)
    moved = {**scheduler, **ends}
    steps = [step for key in _ARGUMENTS for step in _as_list(moved.get(key)) if is_place(step)]
    why = f"{iters_per_epoch} iterations per epoch"
    if any(step % iters_per_epoch for step in steps):
        found.changes += [Change((*path, key), end, why) for key, end in ends.items()]
        if not is_opening(scheduler):
            found.notes.append(
                f"{format_key_path(path)} still counts iterations: its steps are not "
                f"whole epochs of {iters_per_epoch} iterations"
            )
        return
    values = _scaled(moved, _ARGUMENTS, lambda step: int(step // iters_per_epoch))
    for key, value in {**ends, **values}.items():
        found.changes.append(Change((*path, key), value, why))
    found.changes.append(Change((*path, "by_epoch"), True, "counts epochs"))
    if not scheduler_family(scheduler_name(scheduler)).is_stepwise(scheduler):
        why = "changes the rate at every iteration"
        found.changes.append(Change((*path, "convert_to_iter_based"), True, why))


def _moved_ends(scheduler: Mapping[str, Any], old: int, new: int) -> dict[str, int]:
    """The arguments that reach to the end of a training, for one of another length."""
    if old == new:
        return {}
    begin, end = first_step(scheduler), scheduler.get("end")
    moved = {"end": new} if is_place(end) and end == old else {}
    if not is_place(begin):
        return moved
    for key in _PERIODS:
        value = scheduler.get(key)
        if is_place(value) and value == old:
            moved[key] = new
        elif is_place(value) and value == old - begin and (end is None or "end" in moved):
            moved[key] = int(new - begin)
    return moved


def _scaled(
    scheduler: Mapping[str, Any], arguments: Iterable[str], scale: Callable[[float], int]
) -> dict[str, Any]:
    """What changes of a scheduler if its steps are scaled."""
    scaled: dict[str, Any] = {}
    for key in arguments:
        value = scheduler.get(key)
        if is_place(value):
            scaled[key] = scale(value)
        elif isinstance(value, list | tuple) and all(map(is_place, value)):
            scaled[key] = type(value)(scale(step) for step in value)
    return {key: value for key, value in scaled.items() if value != scheduler[key]}


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
