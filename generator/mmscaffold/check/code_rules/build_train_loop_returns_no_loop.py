"""A Runner's ``build_train_loop`` returns something that is no loop of mmengine.

``Runner.train`` stores what it returns, and asks ``isinstance(..., BaseLoop)`` before it reads
progress there (mmengine/runner/runner.py). Nothing checks it at that point. ``None``, for a
forgotten ``return``, fails a few lines on; another object runs, and ``runner.epoch``,
``iter``, ``max_epochs`` and ``max_iters`` are 0 for all that read them.

What one sees: ``AttributeError: 'NoneType' object has no attribute``; or
``Epoch(train) [1]`` in every epoch and 0 for the length, for an object that is no BaseLoop.

How to mend it: return the loop; derive its class from ``EpochBasedTrainLoop`` or ``BaseLoop``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import BASE_LOOP, ClassView, Code
from mmscaffold.check.code.runner_code import is_stub, returned_values
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS227"
SEVERITY = Severity.ERROR
_HEAD = "from mmengine.runner import EpochBasedTrainLoop, Runner\n\n\n"
_RUNNER = "class OwnRunner(Runner):\n    def build_train_loop(self, loop):\n"
VALID: list[Example] = [
    _HEAD + _RUNNER + "        return super().build_train_loop(loop)\n",
    _HEAD + "class OwnLoop(EpochBasedTrainLoop):\n    pass\n\n\n" + _RUNNER
    + "        return OwnLoop(self, self._train_dataloader, max_epochs=loop['max_epochs'])\n",
    _HEAD + _RUNNER + "        if loop is None:\n            return None\n"
    "        return super().build_train_loop(loop)\n",
]  # fmt: skip
INVALID: list[Example] = [
    _HEAD + _RUNNER + "        self._train_loop = super().build_train_loop(loop)\n",
    _HEAD + "class OwnLoop:\n    pass\n\n\n" + _RUNNER + "        return OwnLoop()\n",
]


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each method without a return, or that returns another object."""
    for view in code.runners:
        function = view.own_methods.get("build_train_loop")
        if function is None or is_stub(function):
            continue
        returned = [one for one in returned_values(function) if one.value is not None]
        if all(isinstance(one.value, ast.Constant) for one in returned):
            yield view.found(
                function,
                f"{view.name}.build_train_loop returns no loop",
                "Return the loop; Runner.train stores it in self._train_loop.",
            )
            continue
        for statement in returned:
            other = _other_class(view, statement.value)
            if other is not None:
                yield view.found(
                    statement,
                    f"{view.name}.build_train_loop returns {other}, which is no BaseLoop",
                    f"Derive {other} from EpochBasedTrainLoop, IterBasedTrainLoop or BaseLoop.",
                )


def _other_class(view: ClassView, value: ast.expr | None) -> str | None:
    """The class of an object that is made here and is no loop, if that is certain."""
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name | ast.Attribute):
        return None
    dotted = view.definition.module.dotted(value.func)
    definition = view.code.package.classes.get(view.code.package.canonical(dotted or ""))
    if definition is None:
        return None
    made = ClassView(definition, view.code)
    return None if made.inherits(BASE_LOOP) or not made.is_understood else made.name
