"""A Runner's ``__init__`` refuses, or swallows, arguments of mmengine's Runner.

## Why it matters

``from_cfg``, with which ``tools/train.py`` builds the Runner, passes all 27 arguments by
keyword. A constructor that names some of them and takes no ``**kwargs`` raises. One that takes
an argument and does not pass it on to ``super().__init__`` leaves the key of the config without
effect.

## Symptoms

``TypeError: OwnRunner.__init__() got an unexpected keyword argument``, or ``missing 1 required
positional argument`` for an argument that ``from_cfg`` does not know; an argument that is
swallowed has no effect: a run that should resume starts at epoch 1.

## Before -> after

Write ``def __init__(self, *args, own=None, **kwargs)``, with a default for what is your own, and
``super().__init__(*args, **kwargs)``.

## Fix safety

There is no automatic fix: which arguments are the class's own is up to the author. Callers
that pass arguments by position have to be checked.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.__init__`` and ``Runner.from_cfg``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import ClassView, Code
from mmscaffold.check.code.syntax import Function, calls_super
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import RUNNER_BASES
from mmscaffold.project.constructor import own_constructor


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each constructor that refuses, needs or swallows too much."""
    for view in code.runners:
        function = view.own_methods.get("__init__")
        if function is None:
            continue
        upstream = next(one for one in RUNNER_BASES if view.inherits(one))
        known = code.table.constructor(upstream)
        if known is None:
            continue
        if view.method("from_cfg") is None:
            yield from _refused(view, function, known.arguments)
        call = calls_super(function, "__init__")
        if call is not None:
            # What it decides itself is not swallowed.
            decided = {one.arg for one in call.keywords if one.arg is not None}
            yield from _swallowed(view, function, known.arguments - decided)


def _refused(view: ClassView, function: Function, passed: frozenset[str]) -> Iterator[Diagnostic]:
    own = own_constructor(view.definition)
    if own is None:
        return
    refused = passed - own.arguments
    if refused and not own.is_open:
        what = f"{len(refused)} arguments that it does not take, such as {_some(refused)}"
        if len(refused) == 1:
            what = f"{_some(refused)}, which it does not take"
        yield view.found(
            function,
            f"from_cfg passes {view.name} {what}: a TypeError",
            "Take **kwargs, and pass them to super().__init__.",
        )
    needed = own.required - passed
    if needed:
        yield view.found(
            function,
            f"{view.name} needs {_some(needed)}, which from_cfg does not pass: a TypeError",
            "Give it a default, or override from_cfg as well.",
        )


def _swallowed(view: ClassView, function: Function, known: frozenset[str]) -> Iterator[Diagnostic]:
    read = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    if read & {"locals", "vars"}:
        return
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    swallowed = {one.arg for one in arguments} & known - read
    if function.args.kwarg is not None and function.args.kwarg.arg not in read:
        swallowed |= known - {one.arg for one in arguments}
    if swallowed:
        yield view.found(
            function,
            f"{view.name}.__init__ takes {_some(swallowed)} but never uses "
            f"{'it' if len(swallowed) == 1 else 'them'}",
            "Pass it on to super().__init__.",
        )


def _some(names: set[str] | frozenset[str]) -> str:
    # What is missed most comes first.
    first = [name for name in ("resume", "load_from", "custom_hooks") if name in names]
    return ", ".join([*first, *sorted(names - {*first})][:4])


RULE = Rule(
    id="MMS222",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, *args, stages=3, **kwargs):
                    super().__init__(*args, **kwargs)
                    self.stages = stages
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, model, work_dir, resume=False, **kwargs):
                    super().__init__(model, work_dir, resume=resume or True, **kwargs)
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, cfg):
                    super().__init__(**cfg)

                @classmethod
                def from_cfg(cls, cfg):
                    return cls(cfg)
            """,
            because="Its from_cfg knows what this constructor takes.",
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, *args, resume=False, **kwargs):
                    super().__init__(*args, resume=True, **kwargs)
            """,
            because="It decides on the value itself.",
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, **kwargs):
                    super().__init__(**locals()['kwargs'])
            """,
            because="It passes on everything in its own way.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, model, work_dir, train_dataloader=None):
                    super().__init__(model, work_dir, train_dataloader)
            """,
            at=Spot(5, 5, 17),
            message=(
                "from_cfg passes OwnRunner 24 arguments that it does not take, such as resume, "
                "load_from, custom_hooks, auto_scale_lr: a TypeError"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, stages, **kwargs):
                    super().__init__(**kwargs)
                    self.stages = stages
            """,
            at=Spot(5, 5, 17),
            message="OwnRunner needs stages, which from_cfg does not pass: a TypeError",
            after="""
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, *args, stages=3, **kwargs):
                    super().__init__(*args, **kwargs)
                    self.stages = stages
            """,
        ),
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, model, work_dir, **kwargs):
                    super().__init__(model, work_dir)
            """,
            at=Spot(5, 5, 17),
            message=(
                "OwnRunner.__init__ takes resume, load_from, custom_hooks, auto_scale_lr but "
                "never uses them"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, *args, resume=False, **kwargs):
                    super().__init__(*args, **kwargs)
            """,
            at=Spot(5, 5, 17),
            message="OwnRunner.__init__ takes resume but never uses it",
        ),
    ],
)
