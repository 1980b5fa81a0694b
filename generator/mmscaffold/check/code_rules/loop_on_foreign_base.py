"""A registered loop does not derive from mmengine's ``BaseLoop``.

## Why it matters

For the Runner, only an mmengine ``BaseLoop`` is a train loop: its properties ``epoch``,
``iter``, ``max_epochs`` and ``max_iters`` return those of the loop, or else 0. A base class that
was copied or written from scratch is not such a loop, however well it counts inside.

## Symptoms

The Runner refuses it: ``TypeError: train_loop should be a Loop object or dict``. If a custom
Runner builds the loop, nothing is refused and all four numbers are 0: the log says train[1],
val[0] forever, the ETA is negative from the first line, and each checkpoint is epoch_1.pth with
iter 0 inside. This is "the epoch decrease" (MMDetection issue #12324).

## Before -> after

Derive from ``mmengine.runner.BaseLoop``, or better from ``EpochBasedTrainLoop``,
``IterBasedTrainLoop`` or ``ValLoop``.

## Fix safety

There is no automatic fix: a base class brings its own constructor and properties, to which the
class has to be adapted.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.train_loop`` and the properties ``epoch``, ``iter``,
``max_epochs`` and ``max_iters``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import BASE_LOOP
from mmscaffold.facts.packages import is_openmmlab
from mmscaffold.project.code import Module

_REGISTRIES = {"mmengine.LOOPS", "mmengine.registry.LOOPS", "mmengine.registry.root.LOOPS"}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each registered loop that is not one of mmengine's."""
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
            f"{view.name} is registered as a loop but derives from "
            f"{_bases(view) or 'object'}, not from mmengine's BaseLoop: the Runner's epoch, "
            "iter, max_epochs and max_iters read 0",
            "Derive from mmengine.runner.EpochBasedTrainLoop, or another loop of mmengine.",
        )


def _is_mmengines_registry(code: Code, module: Module) -> bool:
    """Whether ``LOOPS`` comes from mmengine, or from a module that builds on it."""
    for name in [one for one in module.names.values() if one.endswith(("LOOPS", "registry"))]:
        dotted = code.package.canonical(name)
        # A package that lies in the tree is what its code says, whatever its name.
        if is_openmmlab(dotted) and code.package.top(dotted) not in code.package.modules:
            return dotted.partition(".")[0] not in code.forks
        owner = code.package.modules.get(dotted) or code.package.modules.get(
            dotted.rpartition(".")[0]
        )
        if owner is not None and any(one in _REGISTRIES for one in owner.names.values()):
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


RULE = Rule(
    id="MMS203",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from engine.registry import LOOPS


            @LOOPS.register_module()
            class MyLoop:

                def run(self):
                    self.runner.call_hook('before_train')
            """,
            because="Another engine, whose registry has the same name.",
        ),
        Valid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import BaseLoop


            @LOOPS.register_module()
            class MyLoop(BaseLoop):

                def run(self):
                    self.runner.call_hook('before_train')
            """,
        ),
        Valid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import BaseLoop


            class Counter:

                def run(self):
                    return 0
            """,
            because="A helper that is not a loop.",
        ),
        Valid(
            """
            from mmengine.registry import LOOPS
            from elsewhere import TheirLoop


            @LOOPS.register_module()
            class MyLoop(TheirLoop):

                def run(self):
                    self.runner.call_hook('before_train')
            """,
            because="A base that was not read may well derive from mmengine's.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import BaseLoop


            @LOOPS.register_module()
            class MyLoop:

                def run(self):
                    self.runner.call_hook('before_train')
            """,
            at=Spot(6, 7, 13),
            message=(
                "MyLoop is registered as a loop but derives from object, not from mmengine's "
                "BaseLoop: the Runner's epoch, iter, max_epochs and max_iters read 0"
            ),
            after="""
            from mmengine.registry import LOOPS
            from mmengine.runner import BaseLoop


            @LOOPS.register_module()
            class MyLoop(BaseLoop):

                def run(self):
                    self.runner.call_hook('before_train')
            """,
        ),
        Invalid(
            """
            from mmengine.registry import LOOPS


            class BaseLoop:

                def __init__(self, runner, dataloader):
                    self.runner = runner


            @LOOPS.register_module()
            class MyLoop(BaseLoop):

                def run(self):
                    self.runner.call_hook('before_train')
            """,
            at=Spot(11, 7, 13),
            message=(
                "MyLoop is registered as a loop but derives from BaseLoop, not from mmengine's "
                "BaseLoop: the Runner's epoch, iter, max_epochs and max_iters read 0"
            ),
        ),
        Invalid(
            {
                "mine/loops.py": """
                from mine.registry import LOOPS


                @LOOPS.register_module()
                class MyLoop:

                    def run(self):
                        self.runner.call_hook('before_train')
                """,
                "mine/__init__.py": "",
                "mine/registry.py": """
                from mmengine.registry import LOOPS as MMENGINE_LOOPS
                from mmengine.registry import Registry


                LOOPS = Registry('loop', parent=MMENGINE_LOOPS)
                """,
            },
            at=Spot(5, 7, 13),
            message=(
                "MyLoop is registered as a loop but derives from object, not from mmengine's "
                "BaseLoop: the Runner's epoch, iter, max_epochs and max_iters read 0"
            ),
            because="A registry of the project that builds on mmengine's.",
        ),
    ],
)
