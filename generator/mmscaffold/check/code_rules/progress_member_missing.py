"""A custom train loop lacks something that the Runner or its hooks read.

## Why it matters

A loop that derives from ``BaseLoop`` directly has to provide ``epoch``, ``iter``, ``max_epochs``
and ``max_iters``, which the Runner's properties read, and has to set ``_epoch`` and ``_iter``
before anything counts in them. ``EpochBasedTrainLoop`` provides all of them.

## Symptoms

``AttributeError: object has no attribute 'max_iters'``, or another of the names, at the latest
in the first hook that reads it.

## Before -> after

Derive from ``EpochBasedTrainLoop``; or set ``_epoch = 0``, ``_iter = 0``, ``_max_epochs`` and
``_max_iters`` in ``__init__``, and add the four properties.

## Fix safety

There is no automatic fix: what the missing member should return depends on the loop.

## Source in mmengine

mmengine/runner/runner.py, the properties ``epoch``, ``iter``, ``max_epochs`` and ``max_iters``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.syntax import assigned_value, names_in
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import COUNTERS, PROGRESS


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each class that lacks something, with all that it lacks."""
    for view in code.train_loops:
        if view.extends_train_loop or view.is_abstract:
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


RULE = Rule(
    id="MMS212",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import BaseLoop


            class MyLoop(BaseLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader)
                    self._max_epochs = max_epochs
                    self._max_iters = max_epochs * len(self.dataloader)
                    self._epoch = 0
                    self._iter = 0
                    self.stop_training = False

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

                @property
                def max_iters(self):
                    return self._max_iters
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import BaseLoop


            class MyLoop(BaseLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader)
                    self._max_epochs = max_epochs
                    self._max_iters = max_epochs * len(self.dataloader)
                    self._epoch = 0
                    self._iter = 0
                    self.stop_training = False

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
            """,
            at=Spot(4, 7, 13),
            message=("the train loop MyLoop lacks max_iters, which the Runner and its hooks read"),
            after="""
            from mmengine.runner import BaseLoop


            class MyLoop(BaseLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader)
                    self._max_epochs = max_epochs
                    self._max_iters = max_epochs * len(self.dataloader)
                    self._epoch = 0
                    self._iter = 0
                    self.stop_training = False

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

                @property
                def max_iters(self):
                    return self._max_iters
            """,
        ),
        Invalid(
            """
            from mmengine.runner import BaseLoop


            class MyLoop(BaseLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader)
                    self._max_epochs = max_epochs
                    self._max_iters = max_epochs * len(self.dataloader)
                    self._epoch = 0
                    self.stop_training = False

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

                @property
                def max_iters(self):
                    return self._max_iters
            """,
            at=Spot(4, 7, 13),
            message="the train loop MyLoop lacks _iter, which the Runner and its hooks read",
        ),
    ],
)
