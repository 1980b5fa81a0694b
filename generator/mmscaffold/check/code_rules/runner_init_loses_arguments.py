"""A Runner's ``__init__`` refuses, or swallows, arguments of mmengine's Runner.

``from_cfg``, by which ``tools/train.py`` builds the Runner, passes all 27 arguments by keyword
(mmengine/runner/runner.py). A constructor that names some of them and takes no ``**kwargs``
raises. One that takes an argument and does not hand it on to ``super().__init__`` makes the
key of the config dead.

What one sees: ``TypeError: OwnRunner.__init__() got an unexpected keyword argument``, or
``missing 1 required positional argument`` for an argument that ``from_cfg`` does not know; an
argument that is swallowed has no effect: a training that was to resume starts at epoch 1.

How to mend it: ``def __init__(self, *args, own=None, **kwargs)``, with a default for what is
your own, and ``super().__init__(*args, **kwargs)``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import (
    FLEXIBLE_RUNNER,
    RUNNER,
    ClassView,
    Code,
    Function,
    calls_super,
)
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.project.constructor import own_constructor

ID = "MMS222"
SEVERITY = Severity.ERROR
_HEAD = "from mmengine.runner import Runner\n\n\nclass OwnRunner(Runner):\n"
VALID: list[Example] = [
    _HEAD + "    def __init__(self, *args, stages=3, **kwargs):\n"
    "        super().__init__(*args, **kwargs)\n        self.stages = stages\n",
    _HEAD + "    def __init__(self, model, work_dir, resume=False, **kwargs):\n"
    "        super().__init__(model, work_dir, resume=resume or True, **kwargs)\n",
    # from_cfg knows what this constructor takes.
    _HEAD + "    def __init__(self, cfg):\n        super().__init__(**cfg)\n\n"
    "    @classmethod\n    def from_cfg(cls, cfg):\n        return cls(cfg)\n",
    _HEAD + "    def __init__(self, *args, resume=False, **kwargs):\n"
    "        super().__init__(*args, resume=True, **kwargs)\n",
    _HEAD + "    def __init__(self, **kwargs):\n        super().__init__(**locals()['kwargs'])\n",
]
INVALID: list[Example] = [
    _HEAD + "    def __init__(self, model, work_dir, train_dataloader=None):\n"
    "        super().__init__(model, work_dir, train_dataloader)\n",
    _HEAD + "    def __init__(self, stages, **kwargs):\n        super().__init__(**kwargs)\n"
    "        self.stages = stages\n",
    _HEAD + "    def __init__(self, model, work_dir, **kwargs):\n"
    "        super().__init__(model, work_dir)\n",
    _HEAD + "    def __init__(self, *args, resume=False, **kwargs):\n"
    "        super().__init__(*args, **kwargs)\n",
]


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each constructor that refuses, needs or swallows too much."""
    for view in code.runners:
        function = view.own_methods.get("__init__")
        if function is None:
            continue
        upstream = RUNNER if view.inherits(RUNNER) else FLEXIBLE_RUNNER
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
        yield view.found(
            function,
            f"from_cfg passes {view.name} {len(refused)} arguments that it does not take, such "
            f"as {_some(refused)}: a TypeError",
            "Take **kwargs, and hand them to super().__init__.",
        )
    needed = own.required - passed
    if needed:
        yield view.found(
            function,
            f"{view.name} needs {_some(needed)}, which from_cfg does not pass: a TypeError",
            "Give it a default, or override from_cfg, too.",
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
            f"{view.name}.__init__ takes {_some(swallowed)} and does nothing with it",
            "Hand it to super().__init__.",
        )


def _some(names: set[str] | frozenset[str]) -> str:
    # What is missed most comes first.
    first = [name for name in ("resume", "load_from", "custom_hooks") if name in names]
    return ", ".join([*first, *sorted(names - {*first})][:4])
