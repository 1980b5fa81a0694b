"""An epoch loop's ``_max_iters`` is not the number of iterations that it runs.

## Why it matters

``max_iters`` has to be ``max_epochs * len(self.dataloader)``. The ETA is computed from it, it is
the default ``end`` of schedulers by iteration, and gradient accumulation needs it for the last
batches.

## Symptoms

With a number that is too small, the ETA is negative from some point on and a schedule by
iteration reaches its end too early, so the rest is trained with the last rate. With one that is
too large, the ETA never reaches zero, and the schedule never reaches its end.

## Before -> after

Write ``self._max_iters = self._max_epochs * len(self.dataloader)``.

## Fix safety

There is no automatic fix: a loop may really run a different number of iterations, and then has to
compute it.

## Source in mmengine

mmengine/runner/loops.py, ``EpochBasedTrainLoop.__init__`` computes it;
mmengine/hooks/iter_timer_hook.py reads it for the ETA.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.loops import Fault, own_faults, repeats, training_flow
from mmscaffold.check.code.syntax import assigned_value, names_in
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid

_HINT = "Write self._max_iters = self._max_epochs * len(self.dataloader)."


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each ``_max_iters`` that cannot be right."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    if flow is None or not view.counts_epochs or not repeats(flow):
        return
    assigned = view.assigned.get("_max_iters", ())
    for owner, _, node in assigned:
        value = assigned_value(node, "_max_iters")
        if owner is not view.definition or value is None:
            continue
        what = _what_it_is(value)
        if what is None and isinstance(value, ast.Constant) and len(assigned) == 1:
            what = f"the constant {value.value!r}"
        if what is not None:
            message = f"{view.name} sets _max_iters to {what}, but trains max_epochs epochs of "
            message += "len(self.dataloader) iterations"
            yield Fault(f"max_iters {value.lineno}", node, message, _HINT)


def _what_it_is(value: ast.expr) -> str | None:
    names = names_in(value)
    if isinstance(value, ast.Constant):
        # 0 and None may be set until something better is known.
        return f"the constant {value.value!r}" if value.value else None
    has_epochs = bool(names & {"max_epochs", "_max_epochs"})
    if isinstance(value, ast.Attribute | ast.Name) and has_epochs:
        return "the number of epochs"
    if "len" in names and "dataset" in names and "batch_size" not in names:
        return "the number of samples, not of batches"
    if _is_length_of_dataloader(value):
        return "the iterations of one epoch"
    return None


def _is_length_of_dataloader(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "len"
        and names_in(value) <= {"len", "self", "dataloader"}
    )


RULE = Rule(
    id="MMS208",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = self._max_epochs * len(self.dataloader)
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = self._max_epochs * self.iters_per_epoch
            """,
            because="A length of its own, which may be right.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = 90000
            """,
            at=Spot(8, 9, 32),
            message=(
                "MyLoop sets _max_iters to the constant 90000, but trains max_epochs epochs of "
                "len(self.dataloader) iterations"
            ),
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = self._max_epochs * len(self.dataloader)
            """,
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = max_epochs
            """,
            at=Spot(8, 9, 37),
            message=(
                "MyLoop sets _max_iters to the number of epochs, but trains max_epochs epochs "
                "of len(self.dataloader) iterations"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = max_epochs * len(self.dataloader.dataset)
            """,
            at=Spot(8, 9, 68),
            message=(
                "MyLoop sets _max_iters to the number of samples, not of batches, but trains "
                "max_epochs epochs of len(self.dataloader) iterations"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = len(self.dataloader)
            """,
            at=Spot(8, 9, 47),
            message=(
                "MyLoop sets _max_iters to the iterations of one epoch, but trains max_epochs "
                "epochs of len(self.dataloader) iterations"
            ),
        ),
    ],
)
