"""An epoch goes through other data than those that ``_max_iters`` counts.

Two dataloaders side by side are the usual reason: ``zip`` ends with the shorter one, and
``itertools.cycle`` makes the other one set the length. A ``cycle`` alone never ends.

## Why it matters

``EpochBasedTrainLoop`` leaves ``_max_iters`` at ``max_epochs * len(self.dataloader)``, and
``len(self.dataloader)`` is what the log prints as the length of an epoch.

## Symptoms

The log says ``[6/4]``, or an epoch ends at ``[2/4]``; the ETA is negative from some point on, or
never reaches zero, and so does a schedule by iteration.

## Before -> after

Set ``self._max_iters`` to ``max_epochs`` times the batches that an epoch really has; or go through
``self.dataloader``, and take the other batches with ``next()`` from an iterator that starts over.

## Fix safety

There is no automatic fix for code: which of the data is to set the length is up to the author.

## Source in mmengine

mmengine/runner/loops.py, ``EpochBasedTrainLoop.__init__`` and ``run_epoch``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.loops import (
    Fault,
    own_faults,
    sets_its_own_length,
    training_flow,
)
from mmscaffold.check.code.syntax import (
    assigned_value,
    attribute_path,
    call_to,
    names_in,
    self_name,
)
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import EVALUATION_MODES, STEP_METHODS

_STEPS = {"run_iter", *(name for name, mode in STEP_METHODS.items() if mode == "train")}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each epoch whose length is that of something else."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    if flow is None or not view.counts_epochs or sets_its_own_length(view):
        return
    for function in view.own_methods.values():
        me = self_name(function)
        for node in ast.walk(function):
            if not isinstance(node, ast.For) or not _takes_steps(node):
                continue
            data = _counted(node.iter)
            if attribute_path(data) in _of_evaluation(me):
                # A step with other data beside the training may be meant; an iteration is one.
                counts = any("run_iter" in names_in(one) for one in node.body)
                what = f"on {attribute_path(data)}" if counts else None
            else:
                what = _endless(node, data) or _what_else(view, data, f"{me}.dataloader")
            if what is not None:
                yield Fault(
                    "data",
                    node.iter,
                    f"{view.name} trains {what}, but _max_iters counts self.dataloader",
                    "Set self._max_iters to the number of iterations that really run.",
                )


def _of_evaluation(me: str) -> set[str]:
    """The dataloaders of the Runner that are not the one of its train loop."""
    return {
        f"{me}.runner.{path}"
        for mode in EVALUATION_MODES
        for path in (f"{mode}_dataloader", f"{mode}_loop.dataloader")
    }


def _takes_steps(loop: ast.For) -> bool:
    """Whether the body of a loop itself, not that of one within, takes steps of training."""
    pending: list[ast.AST] = list(loop.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.For | ast.While | ast.FunctionDef):
            continue
        if isinstance(node, ast.Attribute) and node.attr in _STEPS:
            return True
        pending += ast.iter_child_nodes(node)
    return False


def _counted(node: ast.expr) -> ast.expr:
    call = call_to(node, "enumerate")
    return call.args[0] if call is not None and call.args else node


def _endless(loop: ast.For, data: ast.expr) -> str | None:
    """What is said of a loop over ``itertools.cycle`` that nothing ends."""
    around = call_to(data, "cycle")
    if around is None or len(around.args) != 1:
        return None
    inside = (inner for one in loop.body for inner in ast.walk(one))
    if any(isinstance(one, ast.Break | ast.Return | ast.Raise) for one in inside):
        return None
    return f"without end, on cycle({ast.unparse(around.args[0])})"


def _what_else(view: ClassView, data: ast.expr, own: str) -> str | None:
    together = call_to(data, "zip")
    if together is None:
        return f"on {attribute_path(data)}" if _is_other_dataloader(view, data, own) else None
    others = [one for one in together.args if _is_other_dataloader(view, one, own)]
    if not others:
        # zip ends with what does not start over, and that is the dataloader of the loop.
        return None
    other = attribute_path(others[0])
    if any(attribute_path(one) == own for one in together.args):
        return f"until the shorter of self.dataloader and {other} ends"
    return f"as long as {other} has batches"


def _is_other_dataloader(view: ClassView, node: ast.expr, own: str) -> bool:
    """Whether an expression is an attribute that the class built as a dataloader."""
    path = attribute_path(node)
    if path == own or not isinstance(node, ast.Attribute) or path.count(".") != 1:
        return False
    values = [assigned_value(one, node.attr) for _, _, one in view.assigned.get(node.attr, ())]
    built = [
        value
        for value in values
        if isinstance(value, ast.Call)
        and {"build_dataloader", "DataLoader"} & names_in(value.func)
    ]
    # As BaseLoop does it: built of a dict, or taken as it was given.
    taken = [value for value in values if isinstance(value, ast.Name)]
    return bool(built) and len(built) + len(taken) == len(values)


RULE = Rule(
    id="MMS254",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from itertools import cycle

            from mmengine.runner import EpochBasedTrainLoop


            class Counted(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, batch in enumerate(cycle(self.dataloader)):
                        if idx == len(self.dataloader):
                            break
                        self.run_iter(idx, batch)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
        ),
        Valid(
            """
            from itertools import cycle

            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, other):
                    super().__init__(runner, dataloader, max_epochs)
                    self.other = runner.build_dataloader(other)

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, batches in enumerate(zip(self.dataloader, cycle(self.other))):
                        self.run_iter(idx, batches)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            because="The dataloader of the loop sets the length.",
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, other):
                    super().__init__(runner, dataloader, max_epochs)
                    self.other = runner.build_dataloader(other)
                    self._max_iters = max_epochs * min(len(self.dataloader), len(self.other))

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, batches in enumerate(zip(self.dataloader, self.other)):
                        self.run_iter(idx, batches)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from itertools import cycle

            from mmengine.runner import EpochBasedTrainLoop


            class Endless(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, batch in enumerate(cycle(self.dataloader)):
                        self.run_iter(idx, batch)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            at=Spot(11, 27, 60),
            message=(
                "Endless trains without end, on cycle(self.dataloader), but _max_iters counts "
                "self.dataloader"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class Both(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, other, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    if isinstance(other, dict):
                        self.other = runner.build_dataloader(other, seed=runner.seed)
                    else:
                        self.other = other

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, (one, two) in enumerate(zip(self.dataloader, self.other)):
                        self.run_iter(idx, {**one, **two})
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            at=Spot(16, 32, 75),
            message=(
                "Both trains until the shorter of self.dataloader and self.other ends, but "
                "_max_iters counts self.dataloader"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, other):
                    super().__init__(runner, dataloader, max_epochs)
                    self.other = runner.build_dataloader(other)

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, batches in enumerate(zip(self.dataloader, self.other)):
                        self.run_iter(idx, batches)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            at=Spot(13, 29, 72),
            message=(
                "MyLoop trains until the shorter of self.dataloader and self.other ends, but "
                "_max_iters counts self.dataloader"
            ),
            after="""
            from itertools import cycle

            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, other):
                    super().__init__(runner, dataloader, max_epochs)
                    self.other = runner.build_dataloader(other)

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, batches in enumerate(zip(self.dataloader, cycle(self.other))):
                        self.run_iter(idx, batches)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
        ),
        Invalid(
            """
            from itertools import cycle

            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, other):
                    super().__init__(runner, dataloader, max_epochs)
                    self.other = runner.build_dataloader(other)

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, batches in enumerate(zip(cycle(self.dataloader), self.other)):
                        self.run_iter(idx, batches)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            at=Spot(15, 29, 79),
            message=(
                "MyLoop trains as long as self.other has batches, but _max_iters counts "
                "self.dataloader"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, other):
                    super().__init__(runner, dataloader, max_epochs)
                    self.other = runner.build_dataloader(other)

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, data_batch in enumerate(self.other):
                        self.run_iter(idx, data_batch)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            at=Spot(13, 32, 53),
            message="MyLoop trains on self.other, but _max_iters counts self.dataloader",
        ),
    ],
)
