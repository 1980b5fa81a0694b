"""``run`` of a loop returns nothing.

## Why it matters

``Runner.train()`` returns what ``run`` of the train loop returns, the model, and
``Runner.val()`` and ``Runner.test()`` return its metrics. Training does not need it; scripts
that compare runs do.

## Symptoms

None in the log: runner.train() returns None, or runner.val() returns None in place of the
metrics.

## Before -> after

End ``run`` of a train loop with ``return self.runner.model``, and that of a validation or test
loop with ``return metrics``.

## Fix safety

There is no automatic fix: mmscaffold does not edit classes. Returning the value is safe, since
nothing in mmengine acts on it.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.train``, ``Runner.val`` and ``Runner.test``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import Code, flow_of
from mmscaffold.check.code.steps import ModelStep
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import BASE_LOOP


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each ``run`` that trains or evaluates and returns nothing."""
    for view in code.of_kind(BASE_LOOP):
        run = view.own_methods.get("run")
        if run is None:
            continue
        flow = flow_of(view)
        returns = any(isinstance(node, ast.Return) and node.value for node in ast.walk(run))
        if returns or flow.is_opaque or not flow.has(ModelStep):
            continue
        what = "self.runner.model" if view.is_train_loop else "the metrics"
        yield view.found(run, f"{view.name}.run returns nothing", f"Return {what}.")


RULE = Rule(
    id="MMS216",
    severity=Severity.INFO,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.logger.info('start')
                    return super().run()
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.logger.info('start')
                    super().run()
            """,
            at=Spot(6, 5, 12),
            message="MyLoop.run returns nothing",
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.logger.info('start')
                    return super().run()
            """,
        ),
    ],
)
