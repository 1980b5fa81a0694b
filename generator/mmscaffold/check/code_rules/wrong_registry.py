"""A loop, Runner or hook is registered in a registry that the Runner does not read.

## Why it matters

``train_cfg``, ``val_cfg`` and ``test_cfg`` are built from ``LOOPS``, ``runner_type`` from
``RUNNERS``, hooks from ``HOOKS``. A class that is in another registry is not found by its name.

## Symptoms

``KeyError: 'OwnLoop is not in the mmengine::loop registry. Please check whether the value of
OwnLoop is correct or it was registered as expected``.

## Before -> after

Register it where its base is.

## Fix safety

There is no automatic fix: the class may be in both registries on purpose. The other decorator
is safe to add.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.build_train_loop``, ``Runner.build_val_loop`` and
``Runner.register_hook``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.registration import registrations
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import REGISTRY_OF_BASE
from mmscaffold.facts.runner import REGISTRIES


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each class that is only where nobody looks for it."""
    kinds: dict[int, set[str]] = {}
    for one in registrations(code):
        kinds.setdefault(id(one.node), set()).add(one.kind)
    for view in code.classes:
        found = kinds.get(id(view.node), set())
        right = {kind for base, kind in REGISTRY_OF_BASE.items() if view.inherits(base)}
        if found and right and found <= REGISTRIES and not found & right:
            yield view.found(
                None,
                f"{view.name} is registered in {', '.join(sorted(found))}; the Runner looks for "
                f"it in {', '.join(sorted(right))}",
                f"Write @{min(right)}.register_module().",
            )


RULE = Rule(
    id="MMS241",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.registry import HOOKS, LOOPS, RUNNERS
            from mmengine.runner import EpochBasedTrainLoop, Runner


            @LOOPS.register_module()
            class OwnLoop(EpochBasedTrainLoop):
                pass
            """,
        ),
        Valid(
            """
            from own import STAGES
            from mmengine.runner import EpochBasedTrainLoop, Runner


            @STAGES.register_module()
            class OwnLoop(EpochBasedTrainLoop):
                pass
            """,
            because="A registry of the project.",
        ),
        Valid(
            """
            from mmengine.registry import HOOKS, LOOPS, RUNNERS
            from mmengine.runner import EpochBasedTrainLoop, Runner


            class OwnLoop(EpochBasedTrainLoop):
                pass


            LOOPS.register_module(module=OwnLoop)
            """,
        ),
        Valid(
            """
            from mmengine.registry import HOOKS, LOOPS, RUNNERS
            from mmengine.runner import EpochBasedTrainLoop, Runner


            @LOOPS.register_module()
            @HOOKS.register_module()
            class OwnLoop(EpochBasedTrainLoop):
                pass
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.registry import HOOKS, LOOPS, RUNNERS
            from mmengine.runner import EpochBasedTrainLoop, Runner


            @HOOKS.register_module()
            class OwnLoop(EpochBasedTrainLoop):
                pass
            """,
            at=Spot(6, 7, 14),
            message="OwnLoop is registered in HOOKS; the Runner looks for it in LOOPS",
            after="""
            from mmengine.registry import HOOKS, LOOPS, RUNNERS
            from mmengine.runner import EpochBasedTrainLoop, Runner


            @LOOPS.register_module()
            class OwnLoop(EpochBasedTrainLoop):
                pass
            """,
        ),
        Invalid(
            """
            from mmengine.registry import HOOKS, LOOPS, RUNNERS
            from mmengine.runner import EpochBasedTrainLoop, Runner


            @LOOPS.register_module()
            class OwnRunner(Runner):
                pass
            """,
            at=Spot(6, 7, 16),
            message="OwnRunner is registered in LOOPS; the Runner looks for it in RUNNERS",
        ),
    ],
)
