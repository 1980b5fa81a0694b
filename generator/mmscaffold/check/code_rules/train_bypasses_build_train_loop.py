"""A Runner's ``train()`` runs a loop that the Runner does not know about.

## Why it matters

``Runner.train`` stores what ``build_train_loop`` returns in ``self._train_loop``. Its properties
``train_loop``, ``epoch``, ``iter``, ``max_epochs`` and ``max_iters`` read it there; as long as
only the config is there, the first reader builds a second loop from it. So a loop that is kept
elsewhere trains, while everything else watches another one, whose counters never move.

## Symptoms

``Epoch(train) [1]`` in every epoch, an ETA that does not shrink, the same shuffle in every
epoch, and checkpoints that are all called ``epoch_1.pth``.

## Before -> after

Write ``self._train_loop = self.build_train_loop(self._train_loop)``; or leave ``train()`` alone
and put your own code into a loop or a hook.

## Fix safety

There is no automatic fix: mmscaffold does not edit classes. The assignment itself is safe: it
is what mmengine's ``train()`` does.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.train`` and ``Runner.train_loop``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.runner_train import BUILD_LOOP, OwnTrain, own_trains
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


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


RULE = Rule(
    id="MMS224",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    self._train_loop = self.build_train_loop(self._train_loop)
                    self.prepare()
                    return self._train_loop.run()

                def prepare(self):
                    self.call_hook('before_run')
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    loop = self.build_train_loop(self._train_loop)
                    self._train_loop = loop
                    return loop.run()
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    return self.train_loop.run()
            """,
            because="The property builds the loop and keeps it.",
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    print('begin')
                    return super().train()
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    loop = self.build_train_loop(self._train_loop)
                    return loop.run()
            """,
            at=Spot(6, 16, 55),
            message=(
                "OwnRunner.train() runs a loop that is not kept in self._train_loop; everything "
                "else watches a second one"
            ),
            after="""
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    loop = self.build_train_loop(self._train_loop)
                    self._train_loop = loop
                    return loop.run()
            """,
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    loop = EpochBasedTrainLoop(self, self._train_dataloader, max_epochs=3)
                    loop.run()
            """,
            at=Spot(7, 16, 79),
            message=(
                "OwnRunner.train() runs a loop that is not kept in self._train_loop; everything "
                "else watches a second one"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    for epoch in range(3):
                        for batch in self.train_dataloader:
                            self.model.train_step(batch, self.optim_wrapper)
            """,
            at=Spot(8, 17, 65),
            message=(
                "OwnRunner.train() runs a loop that is not kept in self._train_loop; everything "
                "else watches a second one"
            ),
        ),
    ],
)
