"""A train loop counts under names of its own.

It counts in an attribute such as ``self.cur_epoch``, behind properties of any kind, or in plain
attributes ``self.epoch`` and ``self.iter``.

## Why it matters

``Runner.resume`` assigns ``train_loop._epoch`` and ``train_loop._iter``. Those names are the
storage; ``epoch`` and ``iter`` are properties that read them. A loop that counts elsewhere
trains correctly until it is resumed: nothing reads what the Runner assigns.

## Symptoms

Nothing is wrong until training is resumed. Then it starts from the first epoch again, with the
weights of the checkpoint, and runs all epochs. With plain ``self.epoch`` and ``self.iter`` the
same happens.

## Before -> after

Count in ``self._epoch`` and ``self._iter``, and let the properties ``epoch`` and ``iter`` return
them; or derive from ``EpochBasedTrainLoop``, which does so.

## Fix safety

There is no automatic fix: the name may be used elsewhere in the project. Renaming the attribute
in the whole project is safe; old checkpoints stay valid, as they store no names of the loop.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.resume``; mmengine/runner/loops.py, the properties of
``EpochBasedTrainLoop``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.loops import Fault, own_faults
from mmscaffold.check.code.properties import Getter, getter
from mmscaffold.check.code.syntax import attribute_path, self_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import BASE_LOOP
from mmscaffold.facts.runner import COUNTED, COUNTERS

_HINT = (
    "Count in self._epoch and self._iter: Runner.resume assigns these. Loop while they are below "
    "their maxima, so that a resumed run goes on from there."
)


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each counter of a train loop that resuming does not reach."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    if not view.inherits(BASE_LOOP):
        return
    for counter in COUNTED:
        found = getter(view, counter)
        if found is not None:
            owner, statement, function = found
            name = _plain_attribute(function)
            if name is not None and name != f"_{counter}" and not _follows(view, name, counter):
                node = statement if owner is view.definition else view.node
                message = (
                    f"{view.name} counts in self.{name}, but Runner.resume assigns _{counter}"
                )
                yield Fault(counter, node, message, _HINT)
        elif (
            not view.is_property(counter)
            and counter in view.assigned
            and not view.sets(f"_{counter}")
        ):
            owner, _, assigned = view.assigned[counter][0]
            message = (
                f"{view.name} counts in the attribute self.{counter}, but Runner.resume assigns "
                f"_{counter}"
            )
            where = assigned if owner is view.definition else view.node
            yield Fault(counter, where, message, _HINT)


def _plain_attribute(function: Getter) -> str | None:
    """The attribute that a property does nothing but return."""
    if isinstance(function, ast.Lambda):
        value: ast.expr | None = function.body
    else:
        last = function.body[-1]
        value = last.value if isinstance(last, ast.Return) else None
    if value is None:
        return None
    path = attribute_path(value)
    owner, _, name = path.rpartition(".")
    return name if owner == self_name(function) else None


def _follows(view: ClassView, name: str, counter: str) -> bool:
    """Whether an attribute is computed from the counter that is restored."""
    if view.is_property(name):
        return True
    return any(
        isinstance(one, ast.Attribute) and one.attr in COUNTERS
        for _, _, node in view.assigned.get(name, ())
        for one in ast.walk(node)
    )


RULE = Rule(
    id="MMS202",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                @property
                def epoch(self):
                    return self._epoch
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                @property
                def epoch(self):
                    return self._iter // len(self.dataloader)
            """,
            because="It follows from the counter of iterations, which is restored.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):
                epoch = property(lambda self: self.current_epoch)
            """,
            at=Spot(5, 5, 54),
            message="MyLoop counts in self.current_epoch, but Runner.resume assigns _epoch",
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):
                epoch = property(lambda self: self._epoch)
            """,
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                @property
                def epoch(self):
                    return self.current_epoch
            """,
            at=Spot(7, 5, 14),
            message="MyLoop counts in self.current_epoch, but Runner.resume assigns _epoch",
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                @property
                def epoch(self):
                    return self._epoch
            """,
        ),
        Invalid(
            """
            from mmengine.runner import BaseLoop


            class MyLoop(BaseLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader)
                    self.epoch = 0
                    self.iter = 0
                    self.max_epochs = max_epochs
                    self.max_iters = max_epochs * len(self.dataloader)

                def run(self):
                    self.runner.model.train_step(None, None)
            """,
            at=Spot(8, 9, 23),
            message=(
                "MyLoop counts in the attribute self.epoch, but Runner.resume assigns _epoch"
            ),
            also=[
                ExampleFinding(
                    Spot(9, 9, 22),
                    ("MyLoop counts in the attribute self.iter, but Runner.resume assigns _iter"),
                ),
            ],
        ),
    ],
)
