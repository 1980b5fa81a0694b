"""A train loop replaces its dataloader after mmengine's constructor has measured it.

## Why it matters

``EpochBasedTrainLoop`` computes ``_max_iters`` as ``max_epochs * len(self.dataloader)`` when it is
built, and ``IterBasedTrainLoop`` makes its endless iterator then. Neither looks again.

## Symptoms

The ETA is negative from some point on, or never reaches zero, and a schedule that was converted to
iterations ends too early or too late. An iteration loop goes on with the batches of the first
dataloader.

## Before -> after

Hand the new dataloader to ``super().__init__``, or set ``self._max_iters`` (in an iteration loop,
``self.dataloader_iterator``) as well.

## Fix safety

There is no automatic fix for code: which of the two dataloaders is meant is up to the author.

## Source in mmengine

mmengine/runner/loops.py, ``EpochBasedTrainLoop.__init__`` and ``IterBasedTrainLoop.__init__``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.loops import Fault, own_faults, training_flow, upstream_constructor
from mmscaffold.check.code.syntax import Function, assigned_value, calls_super, names_in
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import MEASURED_BY_CONSTRUCTOR


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each dataloader that is replaced too late."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    measured = MEASURED_BY_CONSTRUCTOR.get(upstream_constructor(view) or "")
    if measured is None or training_flow(view) is None or view.sets(measured):
        return
    for owner, function, node in view.assigned.get("dataloader", ()):
        value = assigned_value(node, "dataloader")
        if owner is not view.definition or value is None:
            continue
        if "dataloader" in names_in(value) and not _is_part(value):
            # One that is made of the old one goes through the same batches.
            continue
        if function.name == "__init__" and _is_before_super(function, node):
            continue
        yield Fault(
            "dataloader",
            node,
            f"{view.name} replaces self.dataloader after {measured} has been taken from the old "
            "one",
            f"Set self.{measured} as well, or give the dataloader to super().__init__.",
        )


def _is_part(value: ast.expr) -> bool:
    """Whether it leaves out some of what it is made of: ``[:100]``, ``islice(...)``."""
    return "islice" in names_in(value) or any(
        isinstance(node, ast.Slice) and (node.lower or node.upper) for node in ast.walk(value)
    )


def _is_before_super(function: Function, node: ast.AST) -> bool:
    call = calls_super(function, "__init__")
    # What the constructor of the base sets afterwards wins.
    return call is not None and getattr(node, "lineno", 0) < call.lineno


RULE = Rule(
    id="MMS253",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, other):
                    super().__init__(runner, dataloader, max_epochs)
                    self.dataloader = runner.build_dataloader(other)
                    self._max_iters = self._max_epochs * len(self.dataloader)
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self.dataloader = Prefetching(self.dataloader)
            """,
            because="The same batches, read ahead.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self.dataloader = list(self.dataloader)[:100]
            """,
            at=Spot(8, 9, 54),
            message=(
                "MyLoop replaces self.dataloader after _max_iters has been taken from the old one"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, other):
                    super().__init__(runner, dataloader, max_epochs)
                    self.dataloader = runner.build_dataloader(other)
            """,
            at=Spot(8, 9, 57),
            message=(
                "MyLoop replaces self.dataloader after _max_iters has been taken from the old one"
            ),
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, other):
                    super().__init__(runner, runner.build_dataloader(other), max_epochs)
            """,
        ),
        Invalid(
            """
            from mmengine.runner import IterBasedTrainLoop


            class MyLoop(IterBasedTrainLoop):

                def run(self):
                    self.dataloader = self.runner.build_dataloader(self.runner.cfg.second)
                    return super().run()
            """,
            at=Spot(7, 9, 79),
            message=(
                "MyLoop replaces self.dataloader after dataloader_iterator has been taken from "
                "the old one"
            ),
        ),
    ],
)
