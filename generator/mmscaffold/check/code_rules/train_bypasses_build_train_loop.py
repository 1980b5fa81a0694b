"""A Runner's ``train()`` runs a loop that the Runner does not know.

``Runner.train`` stores what ``build_train_loop`` returns in ``self._train_loop``
(mmengine/runner/runner.py). Its properties ``train_loop``, ``epoch``, ``iter``, ``max_epochs``
and ``max_iters`` read it there; as long as only the config lies there, the first reader builds
a second loop from it. So a loop that is kept elsewhere trains, and everything else watches
another one, whose counters stand still.

What one sees: ``Epoch(train) [1]`` in every epoch, an ETA that does not shrink, the same
shuffle in every epoch, and checkpoints that are all called ``epoch_1.pth``.

How to mend it: ``self._train_loop = self.build_train_loop(self._train_loop)``; or leave
``train()`` alone and put what is your own into a loop or a hook.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.runner_train import BUILD_LOOP, OwnTrain, own_trains
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS224"
SEVERITY = Severity.ERROR
_HEAD = "from mmengine.runner import Runner\n\n\nclass OwnRunner(Runner):\n    def train(self):\n"
VALID: list[Example] = [
    _HEAD + "        self._train_loop = self.build_train_loop(self._train_loop)\n"
    "        self.prepare()\n        return self._train_loop.run()\n\n"
    "    def prepare(self):\n        self.call_hook('before_run')\n",
    _HEAD + "        loop = self.build_train_loop(self._train_loop)\n"
    "        self._train_loop = loop\n        return loop.run()\n",
    # The property builds the loop and keeps it.
    _HEAD + "        return self.train_loop.run()\n",
    _HEAD + "        print('begin')\n        return super().train()\n",
]
INVALID: list[Example] = [
    _HEAD + "        loop = self.build_train_loop(self._train_loop)\n        return loop.run()\n",
    "from mmengine.runner import EpochBasedTrainLoop\n" + _HEAD + "        loop = "
    "EpochBasedTrainLoop(self, self._train_dataloader, max_epochs=3)\n        loop.run()\n",
    _HEAD + "        for epoch in range(3):\n            for batch in self.train_dataloader:\n"
    "                self.model.train_step(batch, self.optim_wrapper)\n",
]


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each ``train()`` whose loop is not the Runner's."""
    for train in own_trains(code):
        if train.keeps_loop:
            continue
        node = _built_elsewhere(train)
        if node is not None:
            yield train.view.found(
                node,
                f"{train.view.name}.train() runs a loop that is not kept in self._train_loop; "
                "everything else watches a second one",
                "Write self._train_loop = self.build_train_loop(self._train_loop).",
            )


def _built_elsewhere(train: OwnTrain) -> ast.AST | None:
    build = train.find(BUILD_LOOP)
    if build is not None:
        return train.calls[build].node
    for call in train.calls:
        is_loop = call.name.endswith("Loop") and not call.name.startswith(
            ("build_", "Val", "Test")
        )
        if (is_loop or call.path.endswith("LOOPS.build")) and not train.reads_property:
            return call.node
    if train.reads_property:
        return None
    # It takes the steps itself.
    return next((call.node for call in train.calls if call.name == "train_step"), None)
