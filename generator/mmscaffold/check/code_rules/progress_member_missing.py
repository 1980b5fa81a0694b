"""A train loop of one's own lacks something that the Runner or its hooks read.

A loop that derives from ``BaseLoop`` itself has to bring ``epoch``, ``iter``, ``max_epochs``
and ``max_iters``, which the Runner's properties read (mmengine/runner/runner.py), and has to
set ``_epoch`` and ``_iter`` before anything counts in them. ``EpochBasedTrainLoop`` brings
all of it.

What one sees: AttributeError: object has no attribute 'max_iters', or another of the names,
at the latest in the first hook that reads it.

How to mend it: derive from ``EpochBasedTrainLoop``; or set ``_epoch = 0``, ``_iter = 0``,
``_max_epochs`` and ``_max_iters`` in ``__init__``, and add the four properties.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.classes import COUNTERS, EPOCH_LOOP, ITER_LOOP, PROGRESS
from mmscaffold.check.code.syntax import assigned_value, names_in
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS212"
SEVERITY = Severity.ERROR
_LOOP = """\
from mmengine.runner import BaseLoop


class MyLoop(BaseLoop):

    def __init__(self, runner, dataloader, max_epochs):
        super().__init__(runner, dataloader)
        self._max_epochs = max_epochs
        self._max_iters = max_epochs * len(self.dataloader)
        self._epoch = 0
{counter}        self.stop_training = False

    def run(self):
        self.runner.model.train_step(None, self.runner.optim_wrapper)
        self._iter += 1

    @property
    def epoch(self):
        return self._epoch

    @property
    def iter(self):
        return self._iter

    @property
    def max_epochs(self):
        return self._max_epochs
"""
_SET = "        self._iter = 0\n"
_MAX_ITERS = "\n    @property\n    def max_iters(self):\n        return self._max_iters\n"
VALID: list[Example] = [_LOOP.replace("{counter}", _SET) + _MAX_ITERS]
INVALID: list[Example] = [
    _LOOP.replace("{counter}", _SET),
    _LOOP.replace("{counter}", "") + _MAX_ITERS,
]


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each class that lacks something, with all that it lacks."""
    for view in code.train_loops:
        if view.inherits(EPOCH_LOOP) or view.inherits(ITER_LOOP) or view.is_abstract:
            continue
        if not view.is_understood or view.sets("__getattr__"):
            continue
        missing = [name for name in PROGRESS if not view.sets(name)]
        missing += [name for name in COUNTERS if _is_read(view, name) and not _is_set(view, name)]
        if missing:
            yield view.found(
                None,
                f"the train loop {view.name} lacks {', '.join(missing)}, which the Runner and its "
                "hooks read",
                "Derive from EpochBasedTrainLoop, or add it.",
            )


def _is_read(view: ClassView, name: str) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == name
        for definition in view.own_lineage
        for node in ast.walk(definition.node)
    )


def _is_set(view: ClassView, name: str) -> bool:
    """Whether it gets a first value: ``+= 1`` needs one, and so does ``= ... + 1``."""
    for _, _, node in view.assigned.get(name, ()):
        value = assigned_value(node, name)
        counts_on = value is not None and name in names_in(value)
        if not isinstance(node, ast.AugAssign) and not counts_on:
            return True
    return name not in view.assigned and view.sets(name)
