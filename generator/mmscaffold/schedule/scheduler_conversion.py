"""One scheduler from epochs to iterations, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.schedule.moves import REMOVED, Adjustment, Move, is_step

_COUNTS = ("begin", "end", "T_max", "step_size", "total_steps")
_LISTS = ("milestones", "periods")
# These change the rate at single steps only, so that it does not matter what they count.
_STEPWISE = re.compile(r"(MultiStep|Step)[A-Z]\w*$")


def scheduler_to_iterations(
    path: KeyPath, scheduler: Mapping[str, Any], iters_per_epoch: int, found: Adjustment
) -> None:
    """Let a scheduler that counts epochs count iterations.

    Args:
        path: Its key.
        scheduler: The scheduler; one that counts iterations already stays as it is.
        iters_per_epoch: How many iterations one epoch has.
        found: Takes the moves and notes.
    """
    if scheduler.get("by_epoch", True) is not True:
        return
    name = str(scheduler["type"]).rpartition(".")[2]
    if name.startswith("ReduceOnPlateau"):
        found.notes.append(
            f"{format_key_path(path)} left alone: {name} counts validations, by epoch only"
        )
        return
    why = f"{iters_per_epoch} iterations an epoch"
    for key, value in _scaled(scheduler, lambda step: step * iters_per_epoch).items():
        found.moves.append(Move((*path, key), value, why))
    found.moves.append(Move((*path, "by_epoch"), False, "counts iterations"))
    if "convert_to_iter_based" in scheduler:
        found.moves.append(Move((*path, "convert_to_iter_based"), REMOVED, "it is, now"))
    if scheduler.get("convert_to_iter_based"):
        return
    if name.startswith("Exponential") and isinstance(scheduler.get("gamma"), float):
        gamma = scheduler["gamma"] ** (1 / iters_per_epoch)
        found.moves.append(Move((*path, "gamma"), gamma, "the same decay over an epoch"))
    if not _is_stepwise(name, scheduler):
        found.notes.append(
            f"{format_key_path(path)}: {name} now changes the rate at every iteration, "
            "no longer once an epoch"
        )


def scheduler_to_epochs(
    path: KeyPath, scheduler: Mapping[str, Any], iters_per_epoch: int, found: Adjustment
) -> None:
    """Let a scheduler that counts iterations count epochs, if its steps are whole epochs.

    The rate stays the same at each iteration: a scheduler that changes it all the time gets
    ``convert_to_iter_based``. One whose steps are no whole epochs goes on counting
    iterations, which a training by epochs allows.

    Args:
        path: Its key.
        scheduler: The scheduler.
        iters_per_epoch: How many iterations one epoch has.
        found: Takes the moves and notes.
    """
    if scheduler.get("by_epoch", True) is not False:
        return
    name = str(scheduler["type"]).rpartition(".")[2]
    steps = [scheduler[key] for key in _COUNTS if is_step(scheduler.get(key))]
    for key in _LISTS:
        steps += [step for step in scheduler.get(key) or () if is_step(step)]
    if any(step % iters_per_epoch for step in steps):
        if scheduler.get("begin", 0) or "milestones" in scheduler:
            found.notes.append(
                f"{format_key_path(path)} goes on counting iterations: its steps are no "
                f"whole epochs of {iters_per_epoch} iterations"
            )
        return
    why = f"{iters_per_epoch} iterations an epoch"
    for key, value in _scaled(scheduler, lambda step: step // iters_per_epoch).items():
        found.moves.append(Move((*path, key), value, why))
    found.moves.append(Move((*path, "by_epoch"), True, "counts epochs"))
    if not _is_stepwise(name, scheduler):
        found.moves.append(
            Move((*path, "convert_to_iter_based"), True, "changes the rate at every iteration")
        )


def _scaled(scheduler: Mapping[str, Any], scale: Any) -> dict[str, Any]:
    """What changes of a scheduler if all its steps are scaled."""
    scaled: dict[str, Any] = {}
    for key in _COUNTS:
        if is_step(scheduler.get(key)):
            scaled[key] = scale(scheduler[key])
    for key in _LISTS:
        steps = scheduler.get(key)
        if isinstance(steps, list | tuple) and all(map(is_step, steps)):
            scaled[key] = type(steps)(scale(step) for step in steps)
    return {key: value for key, value in scaled.items() if value != scheduler[key]}


def _is_stepwise(name: str, scheduler: Mapping[str, Any]) -> bool:
    constant = name.startswith("Constant") and scheduler.get("factor") == 1
    return constant or bool(_STEPWISE.match(name))
