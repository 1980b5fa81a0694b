"""A Runner's ``__init__`` does not call that of mmengine's Runner.

## Why it matters

The constructor of mmengine's Runner sets what every other method reads: the model, the lazy
loops, the logger, the message hub, the hooks. A subclass that replaces it without calling it has
none of these.

## Symptoms

``AttributeError: 'OwnRunner' object has no attribute 'model'``, or another one, as soon as
``train()`` begins.

## Before -> after

Call ``super().__init__(*args, **kwargs)`` first.

## Fix safety

There is no automatic fix: mmengine's constructor builds the model and sets up logging, so what
the class did in its place has to go.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.__init__``, which sets all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.functions import is_stub
from mmscaffold.check.code.syntax import calls_super
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each constructor that stands alone."""
    for view in code.runners:
        function = view.own_methods.get("__init__")
        if function is None or is_stub(function) or calls_super(function, "__init__"):
            continue
        yield view.found(
            function,
            f"{view.name}.__init__ does not call super().__init__(), which sets everything "
            "that the Runner's methods read",
            "Call super().__init__(*args, **kwargs) first.",
        )


RULE = Rule(
    id="MMS223",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, *args, **kwargs):
                    super().__init__(*args, **kwargs)
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, **kwargs):
                    Runner.__init__(self, **kwargs)
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, **kwargs):
                    raise NotImplementedError
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, model, **kwargs):
                    self.model = model
                    self._settings = kwargs
            """,
            at=Spot(5, 5, 17),
            message=(
                "OwnRunner.__init__ does not call super().__init__(), which sets everything "
                "that the Runner's methods read"
            ),
            after="""
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, *args, **kwargs):
                    super().__init__(*args, **kwargs)
            """,
        ),
    ],
)
