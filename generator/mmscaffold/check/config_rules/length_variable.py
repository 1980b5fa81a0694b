"""A variable ``max_epochs`` or ``max_iters`` disagrees with what ``train_cfg`` says.

Only ``train_cfg`` counts for the Runner. A top-level ``max_epochs`` beside it is a variable of
the file, and whoever reads or changes it believes to set the length of the training.

The variable of a base whose child writes a new ``train_cfg`` is no finding: the child decides.

How to mend it: write ``train_cfg = dict(max_epochs=max_epochs)`` from the variable, or remove
the variable.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.check.variables import idle_rebindings

ID = "MMS119"
SEVERITY = Severity.WARNING
VALID: list[Example] = [
    "max_epochs = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=max_epochs)",
    "max_iters = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=3)",
    {
        "config.py": "_base_ = './base.py'\ntrain_cfg = dict(max_epochs=36)",
        "base.py": "max_epochs = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=max_epochs)",
    },
]
INVALID: list[Example] = [
    "max_epochs = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=36)",
    {
        "config.py": "_base_ = './base.py'\nmax_epochs = 36",
        "base.py": "train_cfg = dict(by_epoch=True, max_epochs=12)",
    },
]


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
