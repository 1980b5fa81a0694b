"""The optimizer gets an argument of another kind of optimizer.

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
others keep their values.

## Source in mmengine

mmengine/optim/optimizer/default_constructor.py, ``DefaultOptimWrapperConstructor.__call__``; the
arguments are those of torch/optim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.refused import is_left_over
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.change import MISSING, Change
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.optimizers import REFUSED_ARGUMENTS


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such argument."""
    wrapper = config.get("optim_wrapper")
    for path, optimizer in _optimizers(wrapper, ("optim_wrapper",)):
        name = class_name(optimizer.get("type")) or ""
        for argument in sorted(REFUSED_ARGUMENTS.get(name, frozenset()) & optimizer.keys()):
            stale = is_left_over(config, path, argument)
            yield config.found(
                (*path, "type" if stale else argument),
                f"{name} takes no argument {argument!r}; PyTorch refuses it",
                "Add _delete_=True to the optimizer that changes the type, and restate the rest.",
                (Change((*path, argument), MISSING),),
            )


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
            message="AdamW takes no argument 'momentum'; PyTorch refuses it",
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
            message="SGD takes no argument 'betas'; PyTorch refuses it",
            fixed="""
            optim_wrapper = dict(
                generator=dict(optimizer=dict(type='SGD', lr=0.1))
            )
            """,
        ),
    ],
)
