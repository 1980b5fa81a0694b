"""A loop asks itself for what its Runner has: ``self.call_hook``, ``self.model``.

## Why it matters

A loop has a dataloader, its counters and ``self.runner``. Hooks, the model, the optimizer
wrapper and the message hub are members of the Runner.

## Symptoms

``AttributeError: 'MyLoop' object has no attribute 'call_hook'``, when the line is reached: after
the first epoch, say.

## Before -> after

Write ``self.runner.call_hook(...)``.

## Fix safety

There is no automatic fix for code. The line could not run before.

## Source in mmengine

mmengine/runner/base_loop.py; mmengine/runner/runner.py, ``Runner.__init__``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.loops import Fault, own_faults
from mmscaffold.check.code.runner_code import functions_of
from mmscaffold.check.code.syntax import is_name, self_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import BASE_LOOP
from mmscaffold.facts.runner import SET_BY_RUNNER

_OF_RUNNER = SET_BY_RUNNER | {"call_hook", "save_checkpoint", "train_loop", "val_loop"}
_DYNAMIC = ("__getattr__", "__getattribute__")


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each member that a loop asks itself for, and does not have."""
    yield from own_faults(code.of_kind(BASE_LOOP), _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    if not view.is_understood or any(view.sets(name) for name in _DYNAMIC):
        return
    told = set()
    for function in functions_of(view):
        me = self_name(function)
        for node in ast.walk(function):
            if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
                continue
            name = node.attr
            if name in told or name not in _OF_RUNNER or not is_name(node.value, me):
                continue
            if view.sets(name) or _is_set_from_outside(view.code, name):
                continue
            told.add(name)
            yield Fault(
                name,
                node,
                f"{view.name} has no {name}: an AttributeError",
                f"Write self.runner.{name}.",
            )


def _is_set_from_outside(code: Code, name: str) -> bool:
    """Whether any code gives some other object an attribute of a name: perhaps the loop."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == name
        and isinstance(node.ctx, ast.Store)
        and not (isinstance(node.value, ast.Name) and node.value.id == "self")
        for module in code.package.modules.values()
        for node in ast.walk(module.tree)
    )


RULE = Rule(
    id="MMS248",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    super().run_epoch()
                    self.runner.call_hook('after_my_epoch')
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self.model = runner.model

                def run_epoch(self):
                    self.model.train()
                    super().run_epoch()
            """,
            because="It keeps the model itself.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    super().run_epoch()
                    self.call_hook('after_my_epoch')
            """,
            at=Spot(8, 9, 23),
            message="MyLoop has no call_hook: an AttributeError",
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    super().run_epoch()
                    self.runner.call_hook('after_my_epoch')
            """,
        ),
        Invalid(
            """
            from mmengine.runner import ValLoop


            class MyValLoop(ValLoop):

                def run(self):
                    self.model.eval()
                    return super().run()
            """,
            at=Spot(7, 9, 19),
            message="MyValLoop has no model: an AttributeError",
        ),
    ],
)
