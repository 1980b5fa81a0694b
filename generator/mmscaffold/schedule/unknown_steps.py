"""Steps in arguments of which nothing is known but their names: told, never moved.

Hooks, loops and models of a project's own, and of packages without a row in ``facts/``, such as
the search loops of mmrazor or ``model.train_cfg.initial_epoch`` of mmdet's TOOD.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.config.walk import dicts
from mmscaffold.facts.classes import upstream
from mmscaffold.facts.hooks import FIXED_ARGUMENTS, Hook
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.hooks import hook_name
from mmscaffold.schedule.steps import is_stage, is_step

_STEP = re.compile(r"(^|_)(epochs?|iters?)($|_)")
# In the arguments of a hook that nobody but its author knows.
_OWN_STEP = re.compile(
    r"(^|_)(epochs?|iters?|iterations?|steps?|milestones?|begin|start|stop|end|until|since|after|"
    r"before|switch|freeze|unfreeze|warm_?up)($|_)"
)
_OWN_CADENCE = re.compile(r"(^|_)(interval|every|period)($|_)")
# A model counts many other things in "iterations": refinements, of Sinkhorn's algorithm.
_MODEL_STEP = re.compile(
    r"(^|_)epochs?($|_)|(^|_)(begin|start|stop|end|switch|warm_?up|burn_?in|freeze|after|max)_iters?$"
)
_OF_LOOPS = frozenset({"max_epochs", "max_iters", "val_interval", "val_begin", "val_iters"})


def unknown_steps_of_hook(hook: Mapping[str, Any], row: Hook | None) -> Iterator[str]:
    """The arguments of a hook that seem to hold a step, and of which nothing is known.

    Args:
        hook: The hook as a resolved config has it.
        row: What is known of it.
    """
    known = {step.argument for step in row.steps} if row is not None else set()
    pattern = _STEP if row is not None or _is_upstream(hook) else _OWN_STEP
    for argument, value in hook.items():
        if argument in known or argument in FIXED_ARGUMENTS:
            continue
        if pattern.search(str(argument)) and _holds_steps(value):
            yield str(argument)


def unknown_counts_of_hook(hook: Mapping[str, Any], row: Hook | None) -> Iterator[str]:
    """The same, and the intervals: what may count in a unit that changes."""
    yield from unknown_steps_of_hook(hook, row)
    if row is None and not _is_upstream(hook):
        for argument, value in hook.items():
            if _OWN_CADENCE.search(str(argument)) and _holds_steps(value):
                yield str(argument)


def unknown_steps(config: Mapping[str, Any], unit: Unit | None = None) -> Iterator[str]:
    """Notes on steps in the loop and in the model that may depend on the training length.

    Args:
        config: The top level of a resolved config.
        unit: The unit that the loop will count, if that changes.
    """
    related = "how it relates to the training length is not known"
    if unit is not None:
        related = f"whether it counts {unit.other.value} is not known"
    for path, value in _places(config):
        yield f"{format_key_path(path)} = {value} left alone: {related}"


def _places(config: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Any]]:
    for argument, value in config["train_cfg"].items():
        if argument not in _OF_LOOPS and _STEP.search(str(argument)) and _holds_steps(value):
            yield ("train_cfg", argument), value
    model = config.get("model")
    for path, part in dicts(model, ("model",)) if isinstance(model, Mapping) else ():
        for argument, value in part.items():
            if _MODEL_STEP.search(str(argument)) and _holds_steps(value):
                yield (*path, argument), value


def _is_upstream(hook: Mapping[str, Any]) -> bool:
    """Whether the table of classes has it: then its steps, if it has any, have a row."""
    return hook_name(hook) in upstream().names("HOOKS")


def _holds_steps(value: Any) -> bool:
    """Whether a value is a step that is not the start, or a list of steps or stages."""
    if isinstance(value, list | tuple):
        return bool(value) and all(is_step(one) or is_stage(one) for one in value)
    return is_step(value) and value > 0
