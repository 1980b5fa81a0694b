"""One scheduler from epochs to iterations, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mmscaffold.config.change import MISSING, Adjustment, Change
from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.facts.schedulers import STEP_ARGUMENTS, Role, scheduler_family
from mmscaffold.schedule.schedulers import first_step, scheduler_name
from mmscaffold.schedule.steps import counts_epochs, is_step

# What mmengine's build_iter_from_epoch multiplies by the iterations of an epoch.
_SPANS = (Role.PERIOD, Role.PART, Role.MOMENTS, Role.PARTS)
_ARGUMENTS = ("begin", "end", *(key for key, role in STEP_ARGUMENTS.items() if role in _SPANS))
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
    # A cadence counts iterations already where mmengine converts the rest.
    arguments = _ARGUMENTS if is_converted else (*_ARGUMENTS, *_CADENCES)
    for key, value in _scaled(scheduler, arguments, lambda step: step * iters_per_epoch).items():
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
    path: KeyPath, scheduler: Mapping[str, Any], iters_per_epoch: int, found: Adjustment
) -> None:
    """Let a scheduler that counts iterations count epochs, if its steps are whole epochs.

    The rate stays the same at each iteration: a scheduler that changes it all the time gets
    ``convert_to_iter_based``. One whose steps are not whole epochs keeps counting
    iterations, which training by epochs allows.

    Args:
        path: Its key.
        scheduler: The scheduler.
        iters_per_epoch: How many iterations one epoch has.
        found: Takes the changes and notes.
    """
    if counts_epochs(scheduler, "by_epoch") is not False:
        return
    steps = [step for key in _ARGUMENTS for step in _as_list(scheduler.get(key)) if is_step(step)]
    if any(step % iters_per_epoch for step in steps):
        if first_step(scheduler) or "milestones" in scheduler:
            found.notes.append(
                f"{format_key_path(path)} still counts iterations: its steps are not "
                f"whole epochs of {iters_per_epoch} iterations"
            )
        return
    why = f"{iters_per_epoch} iterations per epoch"
    for key, value in _scaled(scheduler, _ARGUMENTS, lambda step: step // iters_per_epoch).items():
        found.changes.append(Change((*path, key), value, why))
    found.changes.append(Change((*path, "by_epoch"), True, "counts epochs"))
    if not scheduler_family(scheduler_name(scheduler)).is_stepwise(scheduler):
        why = "changes the rate at every iteration"
        found.changes.append(Change((*path, "convert_to_iter_based"), True, why))


def _scaled(
    scheduler: Mapping[str, Any], arguments: Iterable[str], scale: Callable[[int], int]
) -> dict[str, Any]:
    """What changes of a scheduler if its steps are scaled."""
    scaled: dict[str, Any] = {}
    for key in arguments:
        value = scheduler.get(key)
        if is_step(value):
            scaled[key] = scale(value)
        elif isinstance(value, list | tuple) and all(map(is_step, value)):
            scaled[key] = type(value)(scale(step) for step in value)
    return {key: value for key, value in scaled.items() if value != scheduler[key]}


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
