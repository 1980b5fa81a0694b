"""A loop's ``__init__`` does not run the one of its base.

mmengine's constructors keep the Runner, build the dataloader from its config, and set the
counters (mmengine/runner/base_loop.py and loops.py). A loop that does not call
``super().__init__`` has none of that, and one that calls ``super(EpochBasedTrainLoop,
self).__init__`` jumps over the constructor that sets the counters. A loop that sets
``_runner`` by hand gets by, if it also builds its dataloader: the Runner hands over a dict.

What one sees: without any constructor, AttributeError: object has no attribute '_runner'.
With one jumped over, AttributeError: object has no attribute '_iter', or another counter.
With a dataloader that was never built, the config goes where the dataloader should be, and
the first hook that asks it fails: 'dict' object has no attribute 'sampler'. The same if the
loop puts the config back over the dataloader that its base built.

How to mend it: call ``super().__init__(runner, dataloader, ...)`` first in ``__init__``, with
the arguments of the base.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.classes import (
    BASE_LOOP,
    EPOCH_LOOP,
    ITER_LOOP,
    calls_super,
    self_targets,
)
from mmscaffold.check.code.loops import upstream_constructor
from mmscaffold.check.code.syntax import Function, is_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS201"
SEVERITY = Severity.ERROR
_HEAD = """\
from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop


@LOOPS.register_module()
class MyLoop(EpochBasedTrainLoop):

    def __init__(self, runner, dataloader, max_epochs, extra=1):
"""
VALID: list[Example] = [
    _HEAD + "        super().__init__(runner, dataloader, max_epochs)\n        self.extra = extra",
    # By hand, all of it.
    "from mmengine.runner import BaseLoop\n\n\n"
    "class TwoLoaders(BaseLoop):\n\n"
    "    def __init__(self, runner, dataloader):\n"
    "        self._runner = runner\n"
    "        self.dataloaders = [runner.build_dataloader(one) for one in dataloader]\n\n"
    "    def run(self):\n"
    "        return [batch for one in self.dataloaders for batch in one]",
]
INVALID: list[Example] = [
    _HEAD + "        self.extra = extra\n        self._max_epochs = max_epochs",
    _HEAD + "        super().__init__(runner, dataloader, max_epochs)\n"
    "        self.dataloader = dataloader",
    _HEAD + "        super(EpochBasedTrainLoop, self).__init__(runner, dataloader)",
    "from mmengine.runner import BaseLoop\n\n\n"
    "class MyLoop(BaseLoop):\n\n"
    "    def __init__(self, runner, dataloader):\n"
    "        self._runner = runner\n"
    "        self.dataloader = dataloader\n\n"
    "    def run(self):\n"
    "        return list(self.dataloader)",
]
_HINT = "Call super().__init__ first, with the arguments of the base."
# What the constructors of mmengine's train loops set, and their methods need.
_NEEDED = {"_max_epochs", "_max_iters", "_epoch", "_iter"}


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
                f"{view.name} keeps the dataloader as it comes: a dict, which the constructor of "
                "BaseLoop would build",
                _HINT,
            )
        elif missing := _jumped_over(view):
            yield view.found(
                call or init,
                f"{view.name}.__init__ jumps over the constructor that sets "
                f"{', '.join(sorted(missing))}",
                _HINT,
            )


def _jumped_over(view: ClassView) -> set[str]:
    if not (view.inherits(EPOCH_LOOP) or view.inherits(ITER_LOOP)) or not view.is_understood:
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
