"""``run`` of a loop returns nothing.

``Runner.train()`` returns what ``run`` of the train loop returns, the model, and
``Runner.val()`` and ``Runner.test()`` return its metrics (mmengine/runner/runner.py). Training
does not need it; scripts that compare trainings do.

What one sees: runner.train() returns None, or runner.val() returns None in place of the
metrics.

How to mend it: end ``run`` of a train loop with ``return self.runner.model``, and that of a
validation or test loop with ``return metrics``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import Code, flow_of
from mmscaffold.check.code.classes import BASE_LOOP
from mmscaffold.check.code.steps import ModelStep
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS216"
SEVERITY = Severity.INFO
_HEAD = """\
from mmengine.runner import EpochBasedTrainLoop


class MyLoop(EpochBasedTrainLoop):

    def run(self):
"""
VALID: list[Example] = [
    _HEAD + "        self.runner.logger.info('start')\n        return super().run()",
]
INVALID: list[Example] = [
    _HEAD + "        self.runner.logger.info('start')\n        super().run()"
]


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
