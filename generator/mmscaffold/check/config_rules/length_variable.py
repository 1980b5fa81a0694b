"""A variable ``max_epochs`` or ``max_iters`` disagrees with what ``train_cfg`` says.

The variable of a base whose child writes a new ``train_cfg`` is not a finding: the child decides.

## Why it matters

Only ``train_cfg`` counts for the Runner. A top-level ``max_epochs`` beside it is a variable of
the file: those who read or change it believe that they set the training length.

## Symptoms

The log counts up to a different epoch from the one the variable says (``Epoch(train) [1]`` to the
maximum of ``train_cfg``).

## Before -> after

Write ``train_cfg = dict(max_epochs=max_epochs)`` from the variable, or remove the variable.

## Fix safety

There is no automatic fix: either of the two numbers may be the one that is intended.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.build_train_loop``: the loop is built from ``train_cfg`` alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.check.variables import idle_rebindings


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if they differ, unless MMS120 explains why."""
    length = config.length
    if length is None:
        return
    name = str(length.path[-1])
    value = config.get(name)
    if not is_number(value) or value == length.maximum:
        return
    if any(one.name == name for one in idle_rebindings(config)):
        return
    origin, where = config.origin(name), config.origin(length.path)
    files = config.config.files
    if files.index(origin.path) > files.index(where.path):
        return
    yield config.found(
        name,
        f"{name} = {value}, but train_cfg has {name}={length.maximum} (set at {where.where})",
        "Let train_cfg read the variable, or remove the variable.",
    )


RULE = Rule(
    id="MMS119",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            max_epochs = 12
            train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
            """,
        ),
        Valid(
            """
            max_iters = 12
            train_cfg = dict(by_epoch=True, max_epochs=3)
            """,
        ),
        Valid(
            {
                "config.py": """
                _base_ = './base.py'
                train_cfg = dict(max_epochs=36)
                """,
                "base.py": """
                max_epochs = 12
                train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
                """,
            },
        ),
    ],
    invalid=[
        Invalid(
            """
            max_epochs = 12
            train_cfg = dict(by_epoch=True, max_epochs=36)
            """,
            at=Spot(1, 14, 16),
            message="max_epochs = 12, but train_cfg has max_epochs=36 (set at config.py:2:44)",
            after="""
            max_epochs = 36
            train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
            """,
        ),
        Invalid(
            {
                "config.py": """
                _base_ = './base.py'
                max_epochs = 36
                """,
                "base.py": "train_cfg = dict(by_epoch=True, max_epochs=12)",
            },
            at=Spot(2, 14, 16),
            message="max_epochs = 36, but train_cfg has max_epochs=12 (set at base.py:1:44)",
        ),
    ],
)
