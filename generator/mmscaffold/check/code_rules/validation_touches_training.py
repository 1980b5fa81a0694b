"""A validation or test loop writes what belongs to the train loop.

## Why it matters

During a validation, ``runner.epoch`` is the number of finished epochs, and the train loop keeps
counting from it afterwards. A val loop that sets the counters of the train loop, or puts
another loop in ``runner._train_loop``, changes the training while it is running.

## Symptoms

With the counters set back, the log says train[1] and val[0] again and again, and training never
ends. With another train loop put in place, the hooks watch one that does not run: the same
labels, and an ETA that grows. With ``runner._train_loop = self``: ``AttributeError: object has
no attribute 'epoch'``.

## Before -> after

Leave the train loop alone. What a validation has to count is an attribute of the val loop, with
another name.

## Fix safety

There is no automatic fix: what the assignment was for has to be stored elsewhere.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.train_loop`` and ``Runner.epoch``; mmengine/runner/loops.py,
``ValLoop``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import Code
from mmscaffold.check.code.syntax import attribute_path
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import COUNTED, COUNTERS, RUNNER_ATTRIBUTES, TRAIN_LOOP_ATTRIBUTES

_COUNTERS = (*COUNTED, *COUNTERS)


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each assignment to the train loop."""
    for view in code.evaluation_loops:
        for node in ast.walk(view.node):
            for target in _targets(node):
                path = attribute_path(target)
                if _belongs_to_training(path):
                    yield view.found(
                        node,
                        f"{view.name}, which validates or tests, assigns {path}",
                        "Leave the train loop and its counters alone.",
                    )


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []


def _belongs_to_training(path: str) -> bool:
    owner, _, name = path.rpartition(".")
    last = owner.rpartition(".")[2]
    if name in TRAIN_LOOP_ATTRIBUTES:
        return last in RUNNER_ATTRIBUTES
    return name in _COUNTERS and last in (*TRAIN_LOOP_ATTRIBUTES, *RUNNER_ATTRIBUTES)


RULE = Rule(
    id="MMS219",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import ValLoop


            class MyValLoop(ValLoop):

                def run(self):
                    self.last_epoch = self.runner.epoch
                    return super().run()
            """,
        ),
        Valid(
            """
            from mmengine.runner import ValLoop


            class MyValLoop(ValLoop):

                def run(self):
                    batches = self.runner.train_loop.dataloader
                    return super().run()
            """,
            because="It reads training data, for batch norm.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import ValLoop


            class MyValLoop(ValLoop):

                def run(self):
                    self.runner.train_loop._epoch = 0
                    return super().run()
            """,
            at=Spot(7, 9, 42),
            message=("MyValLoop, which validates or tests, assigns self.runner.train_loop._epoch"),
            after="""
            from mmengine.runner import ValLoop


            class MyValLoop(ValLoop):

                def run(self):
                    self.last_epoch = self.runner.epoch
                    return super().run()
            """,
        ),
        Invalid(
            """
            from mmengine.runner import ValLoop


            class MyValLoop(ValLoop):

                def run(self):
                    self.runner._train_loop = self
                    return super().run()
            """,
            at=Spot(7, 9, 39),
            message="MyValLoop, which validates or tests, assigns self.runner._train_loop",
        ),
        Invalid(
            """
            from mmengine.runner import ValLoop


            class MyValLoop(ValLoop):

                def run(self):
                    self.runner._epoch = self.epoch
                    return super().run()
            """,
            at=Spot(7, 9, 40),
            message="MyValLoop, which validates or tests, assigns self.runner._epoch",
        ),
    ],
)
