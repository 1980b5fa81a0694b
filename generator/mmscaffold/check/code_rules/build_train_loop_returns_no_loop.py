"""A Runner's ``build_train_loop`` returns something that is not an mmengine loop.

## Why it matters

``Runner.train`` stores what it returns, and checks ``isinstance(..., BaseLoop)`` before it reads
progress there. Nothing checks it at that point. ``None``, from a forgotten ``return``, fails a few
lines later; another object runs, and ``runner.epoch``, ``iter``, ``max_epochs`` and
``max_iters`` are 0 for everything that reads them.

## Symptoms

``AttributeError: 'NoneType' object has no attribute``; or ``Epoch(train) [1]`` in every epoch
and 0 for the length, for an object that is not a BaseLoop.

## Before -> after

Return the loop; derive its class from ``EpochBasedTrainLoop`` or ``BaseLoop``.

## Fix safety

There is no automatic fix: mmscaffold does not edit classes. Returning the loop is safe:
``Runner.train`` stores it in the same attribute.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.train`` and ``Runner.build_train_loop``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import ClassView, Code
from mmscaffold.check.code.functions import is_stub, returned_values
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import BASE_LOOP


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
                f"{view.name}.build_train_loop does not return a loop",
                "Return the loop; Runner.train stores it in self._train_loop.",
            )
            continue
        for statement in returned:
            other = _other_class(view, statement.value)
            if other is not None:
                yield view.found(
                    statement,
                    f"{view.name}.build_train_loop returns {other}, which is not a BaseLoop",
                    f"Derive {other} from EpochBasedTrainLoop, IterBasedTrainLoop or BaseLoop.",
                )


def _other_class(view: ClassView, value: ast.expr | None) -> str | None:
    """The class of an object that is made here and is not a loop, if that is certain."""
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name | ast.Attribute):
        return None
    dotted = view.definition.module.dotted(value.func)
    definition = view.code.package.classes.get(view.code.package.canonical(dotted or ""))
    if definition is None:
        return None
    made = view.code.view(definition)
    return None if made.inherits(BASE_LOOP) or not made.is_understood else made.name


RULE = Rule(
    id="MMS227",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop, Runner


            class OwnRunner(Runner):
                def build_train_loop(self, loop):
                    return super().build_train_loop(loop)
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop, Runner


            class OwnLoop(EpochBasedTrainLoop):
                pass


            class OwnRunner(Runner):
                def build_train_loop(self, loop):
                    return OwnLoop(self, self._train_dataloader, max_epochs=loop['max_epochs'])
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop, Runner


            class OwnRunner(Runner):
                def build_train_loop(self, loop):
                    if loop is None:
                        return None
                    return super().build_train_loop(loop)
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop, Runner


            class OwnRunner(Runner):
                def build_train_loop(self, loop):
                    self._train_loop = super().build_train_loop(loop)
            """,
            at=Spot(5, 5, 25),
            message="OwnRunner.build_train_loop does not return a loop",
            after="""
            from mmengine.runner import EpochBasedTrainLoop, Runner


            class OwnRunner(Runner):
                def build_train_loop(self, loop):
                    return super().build_train_loop(loop)
            """,
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop, Runner


            class OwnLoop:
                pass


            class OwnRunner(Runner):
                def build_train_loop(self, loop):
                    return OwnLoop()
            """,
            at=Spot(10, 9, 25),
            message="OwnRunner.build_train_loop returns OwnLoop, which is not a BaseLoop",
        ),
    ],
)
