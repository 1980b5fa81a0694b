"""A hook has a method with a name like a hook point, and nothing calls it.

## Why it matters

mmcv 1.x had ``before_epoch``, ``after_epoch``, ``before_iter`` and ``after_iter`` for training
and validation at once. mmengine calls the points by mode, such as ``after_train_epoch``, and has
``_after_epoch`` for all modes. A method with another name is dead unless a loop of the project
calls it with ``call_hook``.

## Symptoms

None in the log: what the method does never happens.

## Before -> after

Rename it to ``after_train_epoch`` and so on, with the arguments that these take.

## Fix safety

There is no automatic fix: which of the modes is intended is up to the author.

## Source in mmengine

mmengine/hooks/hook.py, ``Hook``; mmengine/runner/runner.py, ``Runner.call_hook``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.hook_calls import names_called
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import HOOK
from mmscaffold.facts.legacy import LEGACY_HOOK_POINTS
from mmscaffold.facts.runner import HOOK_POINTS

_LOOKS_LIKE_A_POINT = re.compile(
    r"(before|after)_[a-z_]*(epoch|iter|iteration|run|train|val|test)"
)


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each such method."""
    called: frozenset[str] | None = None
    for view in code.of_kind(HOOK):
        for name, function in view.own_methods.items():
            if name in HOOK_POINTS or not _looks_like_a_point(name):
                continue
            called = names_called(code) if called is None else called
            if name not in called:
                yield view.found(
                    function,
                    f"nothing calls {view.name}.{name}: mmengine has no such hook point",
                    "The points are before_ and after_ with run, train, train_epoch, "
                    "train_iter, and the same with val and test.",
                )


def _looks_like_a_point(name: str) -> bool:
    return _LOOKS_LIKE_A_POINT.fullmatch(name) is not None or name in LEGACY_HOOK_POINTS


RULE = Rule(
    id="MMS239",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_epoch(self, runner):
                    pass
            """,
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_stage(self, runner):
                    pass


            from mmengine.runner import EpochBasedTrainLoop


            class OwnLoop(EpochBasedTrainLoop):
                def run_epoch(self):
                    self.runner.call_hook('after_train_stage')
            """,
            because="A loop of the project has more points.",
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_epoch(self, runner):
                    pass

                def after_train_epoch(self, runner):
                    self.after_epoch(runner)
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_epoch(self, runner):
                    pass
            """,
            at=Spot(5, 5, 20),
            message="nothing calls OwnHook.after_epoch: mmengine has no such hook point",
            after="""
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_epoch(self, runner):
                    pass
            """,
        ),
        Invalid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def before_iter(self, runner):
                    pass
            """,
            at=Spot(5, 5, 20),
            message="nothing calls OwnHook.before_iter: mmengine has no such hook point",
        ),
        Invalid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_training_epoch(self, runner):
                    pass
            """,
            at=Spot(5, 5, 29),
            message=(
                "nothing calls OwnHook.after_training_epoch: mmengine has no such hook point"
            ),
        ),
    ],
)
