"""A Runner has progress of its own: ``epoch``, ``iter``, ``max_epochs`` or ``max_iters``.

mmengine's Runner counts nothing. Its four progress properties hand on what the train loop
counts (mmengine/runner/runner.py), and everything reads them: the log, the ETA, checkpoints,
schedulers, hooks. A Runner that puts fields or properties of its own before them shows what
these fields hold, while the loop counts well unseen. That is the training whose log says
``Epoch(train) [1]`` and ``Epoch(val) [0]`` for ever.

What one sees: ``Epoch(train) [1]`` again and again, every validation at ``[0]`` and an ETA
below zero, if the class answers with fields of its own; ``ValueError: end should be larger
than begin`` in the constructor of a scheduler, if it answers 0 for the length and the config
gives no ``end``; and ``AttributeError: property 'epoch' of 'OwnRunner' object has no setter``,
if code sets the property that mmengine gives.

How to mend it: remove the field or property. Read ``runner.epoch``, and let the loop count.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import (
    PROGRESS,
    ClassView,
    Code,
    Function,
    attribute_path,
    self_name,
)
from mmscaffold.check.code.runner_code import assignments, functions_of, returned_values
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS220"
SEVERITY = Severity.ERROR
_HEAD = "from mmengine.runner import Runner\n\n\nclass OwnRunner(Runner):\n"
VALID: list[Example] = [
    _HEAD + "    def progress(self):\n        return self.epoch / self.max_epochs\n",
    # What comes from the train loop is what mmengine gives, too.
    _HEAD + "    @property\n    def epoch(self):\n        return self.train_loop.epoch\n",
    _HEAD + "    @property\n    def epoch(self):\n        return super().epoch + 1000\n",
    # Another Runner.
    "from mmcv.runner import EpochBasedRunner\n\n\nclass OwnRunner(EpochBasedRunner):\n"
    "    epoch = 0\n",
]
INVALID: list[Example] = [
    _HEAD + "    @property\n    def epoch(self):\n        return self._epoch\n",
    _HEAD + "    max_epochs = 12\n",
    _HEAD + "    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n"
    "        self.iter = 0\n",
    _HEAD + "    def train(self):\n        self.epoch = 0\n        return super().train()\n",
]


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each member, and each attribute that is set."""
    for view in code.runners:
        for node in view.node.body:
            for name in _members(node):
                if not (isinstance(node, ast.FunctionDef) and _hands_on(node)):
                    yield view.found(
                        node,
                        f"{view.name} has a member {name!r} of its own, before mmengine's "
                        "property, which hands on what the train loop counts",
                        "Remove it; the log, the ETA and every hook read this name.",
                    )
        yield from _set(view)


def _set(view: ClassView) -> Iterator[Diagnostic]:
    for function in functions_of(view):
        for target, _, _, node in assignments(function):
            path = attribute_path(target)
            name = target.attr
            if path != f"{self_name(function)}.{name}" or name not in PROGRESS:
                continue
            if view.is_property(name) and not view.has_setter(name):
                yield view.found(
                    node,
                    f"{view.name} sets self.{name}, which is a property of mmengine's Runner "
                    "without a setter: an AttributeError",
                    "Remove it: the train loop counts, and the Runner hands that on.",
                )


def _members(node: ast.stmt) -> list[str]:
    names: list[str] = []
    if isinstance(node, ast.FunctionDef):
        is_setter = any(attribute_path(one).endswith("setter") for one in node.decorator_list)
        names = [] if is_setter else [node.name]
    elif isinstance(node, ast.Assign):
        names = [one.id for one in node.targets if isinstance(one, ast.Name)]
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        names = [node.target.id] if isinstance(node.target, ast.Name) else []
    return [name for name in names if name in PROGRESS]


def _hands_on(function: Function) -> bool:
    """Whether a property may well hand on what the loop counts: it reads more than a field."""
    me = self_name(function)
    for statement in returned_values(function):
        value = statement.value
        if value is None or isinstance(value, ast.Constant):
            continue
        path = attribute_path(value)
        is_field = path.startswith(f"{me}.") and path.count(".") == 1
        if not is_field:
            return True
    return False
