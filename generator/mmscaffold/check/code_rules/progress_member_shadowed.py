"""A loop has a member that hides, or cannot take, what mmengine reads or assigns there.

## Why it matters

``epoch``, ``iter``, ``max_epochs`` and ``max_iters`` of a train loop are properties: hooks read
them as numbers, and nothing can assign them. ``_epoch`` and ``_iter`` are plain attributes:
``Runner.resume`` assigns them, as the constructor does. ``runner`` of ``BaseLoop`` is
also a property.

## Symptoms

A method in place of a property gives ``TypeError: unsupported operand``, or ``'method'
object``, in the first hook that does arithmetic with it. An assignment to a property, such as
``self.epoch = 0``, gives ``AttributeError: property has no setter`` (before Python 3.11:
``can't set attribute``), and so does a property in place of the attribute ``_epoch``. A class
attribute ``max_epochs = 12`` hides the property: the loop trains as long as the config says,
while hooks and schedulers go by the class.

## Before -> after

Put ``@property`` before the method; assign ``self._epoch`` in place of ``self.epoch``; remove
the member that hides mmengine's own.

## Fix safety

There is no automatic fix: code that calls the method has to drop the parentheses at the same
time.

## Source in mmengine

mmengine/runner/loops.py, the properties of ``EpochBasedTrainLoop`` and ``IterBasedTrainLoop``;
mmengine/runner/base_loop.py, ``BaseLoop.runner``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.syntax import assigned_names, class_body, property_call
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import ASSIGNED_BY_CONSTRUCTOR, BASE_LOOP
from mmscaffold.facts.runner import COUNTERS, PROGRESS


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each member that stands in the way."""
    for view in code.of_kind(BASE_LOOP):
        yield from _members(view)
        yield from _assignments(view)


def _members(view: ClassView) -> Iterator[Diagnostic]:
    numbers = PROGRESS if view.is_train_loop else ()
    plain = set(COUNTERS) if view.is_train_loop else set()
    for base, names in ASSIGNED_BY_CONSTRUCTOR.items():
        plain |= set(names) if view.inherits(base) else set()
    is_mmengine_train = view.extends_train_loop
    for node in class_body(view.node):
        if isinstance(node, ast.FunctionDef):
            if node.name in numbers and not node.decorator_list:
                yield view.found(
                    node,
                    f"{view.name}.{node.name} is a method, but hooks read it as a number",
                    "Put @property before it.",
                )
            elif (
                node.name in plain
                and view.is_property(node.name)
                and not view.has_setter(node.name)
            ):
                yield view.found(
                    node,
                    f"{view.name}.{node.name} is a property without a setter, but mmengine "
                    "assigns it",
                    "Make it a plain attribute, and give the property another name.",
                )
        hidden = assigned_names(node) & set(numbers) if is_mmengine_train else set()
        for name in sorted(hidden) if property_call(node) is None else ():
            yield view.found(
                node,
                f"the class attribute {view.name}.{name} hides the property of mmengine's loop",
                f"Remove it; the config sets the number, and self._{name} holds it.",
            )


def _assignments(view: ClassView) -> Iterator[Diagnostic]:
    for name in ("runner", *PROGRESS):
        for owner, _, node in view.assigned.get(name, ()):
            if owner is view.definition and view.is_property(name) and not view.has_setter(name):
                yield view.found(
                    node,
                    f"{view.name} assigns self.{name}, a property without a setter",
                    f"Assign self._{name}; the property returns it.",
                )


RULE = Rule(
    id="MMS211",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                epoch = property(lambda self: self._epoch)
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                @property
                def max_epochs(self):
                    return self._max_epochs
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                @property
                def epoch(self):
                    return self._epoch

                @epoch.setter
                def epoch(self, value):
                    self._epoch = value

                def start(self):
                    self.epoch = 0
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def max_iters(self):
                    return self._max_iters
            """,
            at=Spot(6, 5, 18),
            message="MyLoop.max_iters is a method, but hooks read it as a number",
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                @property
                def max_iters(self):
                    return self._max_iters
            """,
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                @property
                def _epoch(self):
                    return self._iter // 100
            """,
            at=Spot(7, 5, 15),
            message="MyLoop._epoch is a property without a setter, but mmengine assigns it",
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self.max_epochs = max_epochs
            """,
            at=Spot(8, 9, 37),
            message="MyLoop assigns self.max_epochs, a property without a setter",
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                max_epochs = 12
            """,
            at=Spot(6, 5, 20),
            message=(
                "the class attribute MyLoop.max_epochs hides the property of mmengine's loop"
            ),
        ),
    ],
)
