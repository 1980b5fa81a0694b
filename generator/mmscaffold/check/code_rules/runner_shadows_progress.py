"""A Runner keeps its own progress: ``epoch``, ``iter``, ``max_epochs`` or ``max_iters``.

A property that returns what comes from the train loop is fine.

## Why it matters

mmengine's Runner counts nothing. Its four progress properties return what the train loop counts,
and everything reads them: the log, the ETA, checkpoints, schedulers, hooks. A Runner that puts
its own fields or properties in front of them shows what these hold, while
the loop counts unseen. Its log says ``Epoch(train) [1]`` and ``Epoch(val) [0]`` forever.

## Symptoms

``Epoch(train) [1]`` again and again, every validation at ``[0]`` and an ETA below zero, if the
class answers with its own fields; ``ValueError: end should be larger than begin`` in the
constructor of a scheduler, if it answers 0 for the length and the config gives no ``end``; and
``AttributeError: property 'epoch' of 'OwnRunner' object has no setter``, if code sets the
property that mmengine gives.

## Before -> after

Remove the field or property. Read ``runner.epoch``, and let the loop count.

## Fix safety

There is no automatic fix: code that sets the field has to go with it.

## Source in mmengine

mmengine/runner/runner.py, the properties ``epoch``, ``iter``, ``max_epochs`` and ``max_iters``
of ``Runner``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import ClassView, Code
from mmscaffold.check.code.functions import returned_values
from mmscaffold.check.code.runner_code import assignments, functions_of
from mmscaffold.check.code.syntax import Function, attribute_path, self_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import PROGRESS


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each member, and each attribute that is set."""
    for view in code.runners:
        for node in view.node.body:
            for name in _members(node):
                if not (isinstance(node, ast.FunctionDef) and _hands_on(node)):
                    yield view.found(
                        node,
                        f"{view.name} defines its own {name!r} in front of mmengine's "
                        "property, which returns what the train loop counts",
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
                    "Remove it: the train loop counts, and the Runner returns that.",
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


RULE = Rule(
    id="MMS220",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def progress(self):
                    return self.epoch / self.max_epochs
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                @property
                def epoch(self):
                    return self.train_loop.epoch
            """,
            because="It comes from the train loop, as in mmengine.",
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                @property
                def epoch(self):
                    return super().epoch + 1000
            """,
        ),
        Valid(
            """
            from mmcv.runner import EpochBasedRunner


            class OwnRunner(EpochBasedRunner):
                epoch = 0
            """,
            because="Another Runner.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                @property
                def epoch(self):
                    return self._epoch
            """,
            at=Spot(6, 5, 14),
            message=(
                "OwnRunner defines its own 'epoch' in front of mmengine's property, which "
                "returns what the train loop counts"
            ),
            after="""
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                @property
                def epoch(self):
                    return self.train_loop.epoch
            """,
        ),
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                max_epochs = 12
            """,
            at=Spot(5, 5, 20),
            message=(
                "OwnRunner defines its own 'max_epochs' in front of mmengine's property, which "
                "returns what the train loop counts"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, **kwargs):
                    super().__init__(**kwargs)
                    self.iter = 0
            """,
            at=Spot(7, 9, 22),
            message=(
                "OwnRunner sets self.iter, which is a property of mmengine's Runner without a "
                "setter: an AttributeError"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    self.epoch = 0
                    return super().train()
            """,
            at=Spot(6, 9, 23),
            message=(
                "OwnRunner sets self.epoch, which is a property of mmengine's Runner without a "
                "setter: an AttributeError"
            ),
        ),
    ],
)
