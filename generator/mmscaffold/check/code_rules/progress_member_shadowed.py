"""A loop has a member that hides, or cannot take, what mmengine reads or assigns there.

``epoch``, ``iter``, ``max_epochs`` and ``max_iters`` of a train loop are properties: hooks
read them as numbers, and nobody can assign them. ``_epoch`` and ``_iter`` are plain
attributes: ``Runner.resume`` assigns them, as the constructor does (mmengine/runner/loops.py).
``runner`` of ``BaseLoop`` is a property, too.

What one sees: a method in place of a property gives TypeError: unsupported operand, or
'method' object, in the first hook that calculates with it. An assignment to a property, such
as ``self.epoch = 0``, gives AttributeError: property has no setter (before Python 3.11: can't
set attribute), and so does a property in place of the attribute ``_epoch``. A class attribute
``max_epochs = 12`` hides the property: the loop trains what the config says, while hooks and
schedulers believe the class.

How to mend it: put ``@property`` before the method; assign ``self._epoch`` in place of
``self.epoch``; remove the member that hides the one of mmengine.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.classes import BASE_LOOP, COUNTERS, EPOCH_LOOP, ITER_LOOP, PROGRESS
from mmscaffold.check.code.syntax import assigned_names, class_body, property_call
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS211"
SEVERITY = Severity.ERROR
_HEAD = (
    "from mmengine.runner import EpochBasedTrainLoop\n\n\nclass MyLoop(EpochBasedTrainLoop):\n\n"
)
VALID: list[Example] = [
    _HEAD + "    epoch = property(lambda self: self._epoch)",
    _HEAD + "    @property\n    def max_epochs(self):\n        return self._max_epochs",
    _HEAD + "    @property\n    def epoch(self):\n        return self._epoch\n\n"
    "    @epoch.setter\n    def epoch(self, value):\n        self._epoch = value\n\n"
    "    def start(self):\n        self.epoch = 0",
]
INVALID: list[Example] = [
    _HEAD + "    def max_iters(self):\n        return self._max_iters",
    _HEAD + "    @property\n    def _epoch(self):\n        return self._iter // 100",
    _HEAD + "    def __init__(self, runner, dataloader, max_epochs):\n"
    "        super().__init__(runner, dataloader, max_epochs)\n"
    "        self.max_epochs = max_epochs",
    _HEAD + "    max_epochs = 12",
]
# What mmengine's constructors assign.
_ASSIGNED = {
    BASE_LOOP: ("dataloader", "_runner"),
    EPOCH_LOOP: ("_max_epochs", "_max_iters", "val_begin", "val_interval", "stop_training"),
}
_ASSIGNED[ITER_LOOP] = _ASSIGNED[EPOCH_LOOP]


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each member that stands in the way."""
    for view in code.of_kind(BASE_LOOP):
        yield from _members(view)
        yield from _assignments(view)


def _members(view: ClassView) -> Iterator[Diagnostic]:
    numbers = PROGRESS if view.is_train_loop else ()
    plain = set(COUNTERS) if view.is_train_loop else set()
    for base, names in _ASSIGNED.items():
        plain |= set(names) if view.inherits(base) else set()
    is_mmengine_train = view.inherits(EPOCH_LOOP) or view.inherits(ITER_LOOP)
    for node in class_body(view.node):
        if isinstance(node, ast.FunctionDef):
            if node.name in numbers and not node.decorator_list:
                yield view.found(
                    node,
                    f"{view.name}.{node.name} is a method, and hooks read it as a number",
                    "Put @property before it.",
                )
            elif (
                node.name in plain
                and view.is_property(node.name)
                and not view.has_setter(node.name)
            ):
                yield view.found(
                    node,
                    f"{view.name}.{node.name} is a property without a setter, and mmengine "
                    "assigns it",
                    "Let it be a plain attribute, and name the property otherwise.",
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
