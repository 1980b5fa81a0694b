"""A loop's ``__init__`` does not run the constructor of its base.

It calls no ``super().__init__``, skips one with ``super(EpochBasedTrainLoop, self).__init__``,
or keeps the dataloader as given. A loop that sets ``_runner`` by hand and builds its dataloader
itself is fine.

## Why it matters

mmengine's constructors keep the Runner, build the dataloader from its config, and set the
counters. A loop that does not call ``super().__init__`` has none of these, and one that skips
a constructor lacks the counters that it sets. The Runner passes the dataloader as a dict.

## Symptoms

Without any constructor: ``AttributeError: object has no attribute '_runner'``. With one
skipped: ``AttributeError: object has no attribute '_iter'``, or another counter. With a
dataloader that was never built, the config is where the dataloader should be, and the first
hook that reads it fails: ``'dict' object has no attribute 'sampler'``. The same happens if the
loop puts the config back over the dataloader that its base built.

## Before -> after

Call ``super().__init__(runner, dataloader, ...)`` first in ``__init__``, with the arguments of
the base.

## Fix safety

There is no automatic fix: which arguments the base needs is up to the author. The call is
safe as the first statement, since everything that follows can still replace what it sets.

## Source in mmengine

mmengine/runner/base_loop.py, ``BaseLoop.__init__``; mmengine/runner/loops.py,
``EpochBasedTrainLoop.__init__`` and ``IterBasedTrainLoop.__init__``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.loops import upstream_constructor
from mmscaffold.check.code.syntax import Function, calls_super, is_name, self_targets
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import BASE_LOOP
from mmscaffold.facts.runner import PROGRESS

_HINT = "Call super().__init__ first, with the arguments of the base."
# What the constructors of mmengine's train loops set, and their methods need.
_NEEDED = {f"_{name}" for name in PROGRESS}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each constructor of a loop that stands alone."""
    for view in code.of_kind(BASE_LOOP):
        init = view.own_methods.get("__init__")
        if init is None:
            continue
        call = calls_super(init, "__init__")
        given = {name for name, _ in self_targets(init)}
        if call is None and "_runner" not in given and not _delegates(init):
            yield view.found(
                init,
                f"{view.name}.__init__ does not call super().__init__: the loop has no runner, "
                "no dataloader and no counters",
                _HINT,
            )
        elif (dataloader := _unbuilt_dataloader(init)) is not None:
            yield view.found(
                dataloader,
                f"{view.name} keeps the dataloader as given: a dict, which the constructor of "
                "BaseLoop would build",
                _HINT,
            )
        elif missing := _jumped_over(view):
            yield view.found(
                call or init,
                f"{view.name}.__init__ skips the constructor that sets "
                f"{', '.join(sorted(missing))}",
                _HINT,
            )


def _jumped_over(view: ClassView) -> set[str]:
    if not view.extends_train_loop or not view.is_understood:
        return set()
    if upstream_constructor(view) in (None, BASE_LOOP):
        return {name for name in _NEEDED if not view.sets(name)}
    return set()


def _unbuilt_dataloader(init: Function) -> ast.AST | None:
    names = {one.arg for one in (*init.args.args, *init.args.kwonlyargs)}
    built = any(
        isinstance(node, ast.Attribute) and node.attr == "build_dataloader"
        for node in ast.walk(init)
    )
    for name, node in self_targets(init):
        value = getattr(node, "value", None)
        is_given = isinstance(value, ast.Name) and value.id in names
        if name == "dataloader" and not built and (is_given or isinstance(value, ast.Dict)):
            return node
    return None


def _delegates(init: Function) -> bool:
    """Whether it hands ``self`` to something that may do the work."""
    me = init.args.args[0].arg if init.args.args else "self"
    return any(
        isinstance(node, ast.Call) and any(is_name(one, me) for one in node.args)
        for node in ast.walk(init)
    )


RULE = Rule(
    id="MMS201",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import EpochBasedTrainLoop


            @LOOPS.register_module()
            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, extra=1):
                    super().__init__(runner, dataloader, max_epochs)
                    self.extra = extra
            """,
        ),
        Valid(
            """
            from mmengine.runner import BaseLoop


            class TwoLoaders(BaseLoop):

                def __init__(self, runner, dataloader):
                    self._runner = runner
                    self.dataloaders = [runner.build_dataloader(one) for one in dataloader]

                def run(self):
                    return [batch for one in self.dataloaders for batch in one]
            """,
            because="It does everything itself.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import EpochBasedTrainLoop


            @LOOPS.register_module()
            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, extra=1):
                    self.extra = extra
                    self._max_epochs = max_epochs
            """,
            at=Spot(8, 5, 17),
            message=(
                "MyLoop.__init__ does not call super().__init__: the loop has no runner, no "
                "dataloader and no counters"
            ),
            after="""
            from mmengine.registry import LOOPS
            from mmengine.runner import EpochBasedTrainLoop


            @LOOPS.register_module()
            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, extra=1):
                    super().__init__(runner, dataloader, max_epochs)
                    self.extra = extra
            """,
        ),
        Invalid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import EpochBasedTrainLoop


            @LOOPS.register_module()
            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, extra=1):
                    super().__init__(runner, dataloader, max_epochs)
                    self.dataloader = dataloader
            """,
            at=Spot(10, 9, 37),
            message=(
                "MyLoop keeps the dataloader as given: a dict, which the constructor of "
                "BaseLoop would build"
            ),
        ),
        Invalid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import EpochBasedTrainLoop


            @LOOPS.register_module()
            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs, extra=1):
                    super(EpochBasedTrainLoop, self).__init__(runner, dataloader)
            """,
            at=Spot(9, 9, 70),
            message=(
                "MyLoop.__init__ skips the constructor that sets _epoch, _iter, _max_epochs, "
                "_max_iters"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import BaseLoop


            class MyLoop(BaseLoop):

                def __init__(self, runner, dataloader):
                    self._runner = runner
                    self.dataloader = dataloader

                def run(self):
                    return list(self.dataloader)
            """,
            at=Spot(8, 9, 37),
            message=(
                "MyLoop keeps the dataloader as given: a dict, which the constructor of "
                "BaseLoop would build"
            ),
        ),
    ],
)
