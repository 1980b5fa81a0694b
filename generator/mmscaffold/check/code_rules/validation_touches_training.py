"""A validation or test loop writes what belongs to the train loop.

While it validates, ``runner.epoch`` is the number of finished epochs, and the train loop goes
on counting from it afterwards. A val loop that sets the counters of the train loop, or puts
another one in ``runner._train_loop``, changes the training under its feet
(mmengine/runner/runner.py, ``train_loop``).

What one sees: with counters set back, the log says train[1] and val[0] again and again, and
the training never ends. With another train loop put in place, the hooks watch one that does
not run: the same labels, and an ETA that grows. With ``runner._train_loop = self``,
AttributeError: object has no attribute 'epoch'.

How to mend it: leave the train loop alone. What a validation has to count is an attribute of
the val loop, of another name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import Code
from mmscaffold.check.code.syntax import attribute_path
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS219"
SEVERITY = Severity.ERROR
_HEAD = (
    "from mmengine.runner import ValLoop\n\n\nclass MyValLoop(ValLoop):\n\n    def run(self):\n"
)
VALID: list[Example] = [
    _HEAD + "        self.last_epoch = self.runner.epoch\n        return super().run()",
    # Data of the training, for batch norm.
    _HEAD + "        batches = self.runner.train_loop.dataloader\n        return super().run()",
]
INVALID: list[Example] = [
    _HEAD + "        self.runner.train_loop._epoch = 0\n        return super().run()",
    _HEAD + "        self.runner._train_loop = self\n        return super().run()",
    _HEAD + "        self.runner._epoch = self.epoch\n        return super().run()",
]
_OWNED = {"_train_loop", "train_loop"}
_COUNTERS = {"_epoch", "_iter", "epoch", "iter"}


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
    if name in _OWNED:
        return last in ("runner", "_runner")
    return name in _COUNTERS and last in (*_OWNED, "runner", "_runner")
