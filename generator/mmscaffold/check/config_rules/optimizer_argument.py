"""The optimizer gets an argument that it does not take.

## Why it matters

``optim_wrapper = dict(optimizer=dict(type='AdamW', lr=1e-4))`` over a base with ``SGD`` keeps
the ``momentum`` of the base: dicts merge. ``AdamW`` takes no ``momentum``, ``SGD`` no ``betas``,
and PyTorch refuses them.

## Symptoms

``TypeError: ... got an unexpected keyword argument 'momentum'`` while the Runner builds the
optimizer.

## Before -> after

Write ``optimizer=dict(_delete_=True, type='AdamW', lr=1e-4)``.

## Fix safety

``mmscaffold check --fix`` removes the argument; what a base set is dropped with ``_delete_=True``,
and the rest restated. That is safe: no version of PyTorch takes the argument there, and all the
others keep their values. What no optimizer takes, and no base set, is left alone: it may be
misspelt.

## Source in mmengine

mmengine/optim/optimizer/default_constructor.py, ``DefaultOptimWrapperConstructor.__call__``; the
arguments are those of torch/optim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.refused import advice, is_left_over
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.change import MISSING, Change
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.building import GIVEN_TO_PART, NO_ARGUMENTS
from mmscaffold.facts.optimizers import ARGUMENTS


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such argument."""
    wrapper = config.get("optim_wrapper")
    for path, optimizer in _optimizers(wrapper, ("optim_wrapper",)):
        name = class_name(optimizer.get("type")) or ""
        if name not in ARGUMENTS or config.is_own(name):
            continue
        for argument in sorted(optimizer.keys() - ARGUMENTS[name] - NO_ARGUMENTS):
            stale = is_left_over(config, path, argument)
            # What another optimizer takes is no misspelt argument of this one.
            is_other = any(argument in taken for taken in ARGUMENTS.values())
            if not is_other and _is_read_by_constructor(wrapper, path):
                continue
            yield config.found(
                (*path, "type" if stale else argument),
                f"{name} takes no argument {argument!r}; it cannot be built with it",
                advice(argument, ARGUMENTS[name] - GIVEN_TO_PART["OPTIMIZERS"], stale=stale),
                (Change((*path, argument), MISSING),) if stale or is_other else (),
            )


def _is_read_by_constructor(wrapper: Any, path: KeyPath) -> bool:
    """Whether a constructor of optim wrappers may take keys out of the optimizer's dict.

    mmengine's does not (default_constructor.py); mmyolo's takes ``batch_size_per_gpu``.
    """
    holders = [wrapper, *(wrapper.get(key) for key in path[1:-1])]
    named = [
        one["constructor"] for one in holders if isinstance(one, Mapping) and "constructor" in one
    ]
    return any(class_name(one) != "DefaultOptimWrapperConstructor" for one in named if one)


def _optimizers(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    if not isinstance(value, Mapping):
        return
    for key, item in value.items():
        if key == "optimizer" and isinstance(item, Mapping):
            yield (*path, key), item
        elif len(path) == 1 and isinstance(item, Mapping) and "optimizer" in item:
            yield from _optimizers(item, (*path, key))


RULE = Rule(
    id="MMS136",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            optim_wrapper = dict(
                type='OptimWrapper',
                optimizer=dict(type='SGD', lr=0.01, batch_size_per_gpu=16),
                constructor='YOLOv5OptimizerConstructor')
            """,
            because="The constructor takes it out of the dict.",
        ),
        Valid(
            """
            optim_wrapper = dict(
                optimizer=dict(type='SGD', lr=0.02, momentum=0.9, weight_decay=0.1)
            )
            """,
        ),
        Valid(
            """
            optim_wrapper = dict(optimizer=dict(type='AdamW', lr=0.1, betas=(0.9, 0.999)))
            """,
        ),
        Valid(
            """
            optim_wrapper = dict(
                optimizer=dict(type='Own', momentum=0.1, betas=(0.9, 0.999))
            )
            """,
        ),
        Valid(
            """
            optim_wrapper = dict(optimizer=dict(type='RMSprop', momentum=0.1, eps=0.1))
            """,
        ),
        Valid(
            {
                "config.py": """
                _base_ = './base.py'
                optim_wrapper = dict(optimizer=dict(_delete_=True, type='AdamW', lr=0.1))
                """,
                "base.py": """
                optim_wrapper = dict(
                    optimizer=dict(type='SGD', lr=0.02, momentum=0.9, weight_decay=0.1)
                )
                """,
            },
        ),
    ],
    invalid=[
        Invalid(
            {
                "config.py": """
                _base_ = './base.py'
                optim_wrapper = dict(
                    optimizer=dict(type='AdamW', lr=0.1))
                """,
                "base.py": """
                optim_wrapper = dict(
                    optimizer=dict(type='SGD', lr=0.02, momentum=0.9, weight_decay=0.1))
                """,
            },
            at=Spot(3, 25, 32),
            message="AdamW takes no argument 'momentum'; it cannot be built with it",
            fixed="""
            _base_ = './base.py'
            optim_wrapper = dict(
                optimizer=dict(_delete_=True, weight_decay=0.1, type='AdamW', lr=0.1))
            """,
        ),
        Invalid(
            """
            optim_wrapper = dict(
                generator=dict(optimizer=dict(type='SGD', lr=0.1, betas=(0, 1)))
            )
            """,
            at=Spot(2, 61, 67),
            message="SGD takes no argument 'betas'; it cannot be built with it",
            fixed="""
            optim_wrapper = dict(
                generator=dict(optimizer=dict(type='SGD', lr=0.1))
            )
            """,
        ),
        Invalid(
            "optim_wrapper = dict(optimizer=dict(type='AdamW', lr=0.1, weight_decy=0.05))",
            at=Spot(1, 71, 75),
            message="AdamW takes no argument 'weight_decy'; it cannot be built with it",
        ),
    ],
)
