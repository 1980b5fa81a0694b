"""A registered loop does not derive from mmengine's ``BaseLoop``.

The Runner takes a train loop for one only if it is an mmengine ``BaseLoop``: its properties
``epoch``, ``iter``, ``max_epochs`` and ``max_iters`` are those of the loop, or else 0
(mmengine/runner/runner.py). A base class that was copied, or written anew, is no such loop,
however well it counts inside.

What one sees: the Runner refuses it, TypeError: train_loop should be a Loop object or dict.
Where a Runner of one's own builds the loop, nothing is refused and all four numbers are 0:
the log says train[1], val[0] for ever, the ETA is negative from the first line, and each
checkpoint is epoch_1.pth with iter 0 inside. This is "the epoch decrease" (MMDetection issue
#12324).

How to mend it: derive from ``mmengine.runner.BaseLoop``, or better from
``EpochBasedTrainLoop``, ``IterBasedTrainLoop`` or ``ValLoop``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.classes import BASE_LOOP
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.project.code import Module

ID = "MMS203"
SEVERITY = Severity.ERROR
_OPENMMLAB = "mm"  # mmengine, mmdet, mmpretrain and their like
_HEAD = "from mmengine.registry import LOOPS\nfrom mmengine.runner import BaseLoop\n\n\n"
_BODY = "    def run(self):\n        self.runner.call_hook('before_train')"
VALID: list[Example] = [
    # Another engine, whose registry has the same name.
    "from engine.registry import LOOPS\n\n\n@LOOPS.register_module()\nclass MyLoop:\n\n" + _BODY,
    _HEAD + "@LOOPS.register_module()\nclass MyLoop(BaseLoop):\n\n" + _BODY,
    # A helper that is no loop, and a base that was not read.
    _HEAD + "class Counter:\n\n    def run(self):\n        return 0",
    "from mmengine.registry import LOOPS\nfrom elsewhere import TheirLoop\n\n\n"
    "@LOOPS.register_module()\nclass MyLoop(TheirLoop):\n\n" + _BODY,
]
INVALID: list[Example] = [
    _HEAD + "@LOOPS.register_module()\nclass MyLoop:\n\n" + _BODY,
    "from mmengine.registry import LOOPS\n\n\n"
    "class BaseLoop:\n\n"
    "    def __init__(self, runner, dataloader):\n"
    "        self.runner = runner\n\n\n"
    "@LOOPS.register_module()\nclass MyLoop(BaseLoop):\n\n" + _BODY,
    {
        "mine/loops.py": "from mine.registry import LOOPS\n\n\n"
        "@LOOPS.register_module()\nclass MyLoop:\n\n" + _BODY,
        "mine/__init__.py": "",
        "mine/registry.py": "from mmengine.registry import LOOPS as MMENGINE_LOOPS\n"
        "from mmengine.registry import Registry\n\n\n"
        "LOOPS = Registry('loop', parent=MMENGINE_LOOPS)",
    },
]


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each registered loop that is none of mmengine's."""
    seen = set()
    for one in code.registered:
        definition = one.definition
        if one.registry != "LOOPS" or definition.module.path not in code.checked:
            continue
        if not _is_mmengines_registry(code, definition.module):
            continue
        view = code.view(definition)
        if definition.dotted in seen or view.inherits(BASE_LOOP) or not _is_understood(view):
            continue
        seen.add(definition.dotted)
        yield view.found(
            None,
            f"{view.name} is registered as a loop and derives from "
            f"{_bases(view) or 'nothing'}, not from mmengine's BaseLoop: the Runner's epoch, "
            "iter, max_epochs and max_iters read 0",
            "Derive from mmengine.runner.EpochBasedTrainLoop, or another loop of mmengine.",
        )


def _is_mmengines_registry(code: Code, module: Module) -> bool:
    """Whether ``LOOPS`` comes from mmengine, or from a module that builds on it."""
    for name in [one for one in module.names.values() if one.endswith(("LOOPS", "registry"))]:
        dotted = code.package.canonical(name)
        if dotted.startswith(_OPENMMLAB):
            return True
        owner = code.package.modules.get(dotted) or code.package.modules.get(
            dotted.rpartition(".")[0]
        )
        if owner is not None and any(one.startswith("mmengine") for one in owner.names.values()):
            return True
    return False


def _is_understood(view: ClassView) -> bool:
    if view.definition.dotted == BASE_LOOP:
        return False
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    has_run = any(
        isinstance(node, functions) and node.name == "run"
        for definition in view.own_lineage
        for node in ast.walk(definition.node)
    )
    return has_run and view.is_understood


def _bases(view: ClassView) -> str:
    return ", ".join(ast.unparse(base) for base in view.node.bases)
