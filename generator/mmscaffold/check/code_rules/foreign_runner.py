"""A class among the Runners does not derive from mmengine's Runner.

## Why it matters

``runner_type`` may name any class in ``RUNNERS``; nothing checks its base. A copy of
``runner.py`` freezes the state of the version that it was taken from, and such a Runner has to
give hooks everything that they read: ``epoch``, ``iter``, ``max_epochs`` and ``max_iters`` as
the train loop counts them, ``message_hub``, ``train_loop`` and about twenty more. A copy that
comes with a copied ``BaseLoop`` is how the log ends up saying epoch 1, then 0.

## Symptoms

``AttributeError: 'OwnRunner' object has no attribute``, from a hook; or, where the copy has
fields of that name, ``Epoch(train) [1]`` again and again.

## Before -> after

Derive from ``mmengine.runner.Runner`` and override what differs.

## Fix safety

There is no automatic fix: methods of the copy that mmengine has improved since should be removed
rather than kept as overrides.

## Source in mmengine

mmengine/runner/runner.py, ``Runner``; mmengine/hooks/, every hook that gets the Runner.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.registration import registrations
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import RUNNER_BASES
from mmscaffold.facts.runner import RUNNER_INTERFACE


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each registered class on another base."""
    registered = {id(one.node) for one in registrations(code) if one.kind == "RUNNERS"}
    for view in code.classes:
        if id(view.node) not in registered or view.definition.dotted in RUNNER_BASES:
            continue
        if all(view.sets(name) for name in RUNNER_INTERFACE):
            # A Runner that was copied whole has what hooks read.
            continue
        if view.is_understood and not view.is_runner:
            yield view.found(
                None,
                f"{view.name} is registered among the Runners but does not derive from "
                "mmengine's Runner, whose interface every hook reads",
                "Derive from mmengine.runner.Runner.",
            )


RULE = Rule(
    id="MMS233",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.registry import RUNNERS
            from mmengine.runner import Runner


            @RUNNERS.register_module()
            class OwnRunner(Runner):
                pass
            """,
        ),
        Valid(
            """
            from mmengine.registry import RUNNERS
            from other_package import TheirRunner


            @RUNNERS.register_module()
            class OwnRunner(TheirRunner):
                pass
            """,
            because="A base that was not read may well derive from mmengine's.",
        ),
        Valid(
            """
            from mmengine.registry import RUNNERS


            @RUNNERS.register_module()
            class OwnRunner:
                epoch = property(lambda self: self.train_loop.epoch)
                iter = property(lambda self: self.train_loop.iter)
                max_epochs = property(lambda self: self.train_loop.max_epochs)
                max_iters = property(lambda self: self.train_loop.max_iters)

                def __init__(self, train_loop, hooks):
                    self.train_loop = train_loop
                    self.hooks = hooks

                def call_hook(self, name, **kwargs):
                    for hook in self.hooks:
                        getattr(hook, name)(self, **kwargs)

                def train(self):
                    return self.train_loop.run()
            """,
            because="A Runner that was copied whole has all that hooks read.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.registry import RUNNERS


            @RUNNERS.register_module()
            class OwnRunner:
                @classmethod
                def from_cfg(cls, cfg):
                    return cls()
            """,
            at=Spot(5, 7, 16),
            message=(
                "OwnRunner is registered among the Runners but does not derive from mmengine's "
                "Runner, whose interface every hook reads"
            ),
            after="""
            from mmengine.registry import RUNNERS
            from mmengine.runner import Runner


            @RUNNERS.register_module()
            class OwnRunner(Runner):
                pass
            """,
        ),
        Invalid(
            """
            from mmengine.registry import RUNNERS


            class Runner:
                epoch = 0


            @RUNNERS.register_module()
            class OwnRunner(Runner):
                pass
            """,
            at=Spot(9, 7, 16),
            message=(
                "OwnRunner is registered among the Runners but does not derive from mmengine's "
                "Runner, whose interface every hook reads"
            ),
        ),
    ],
)
