"""A train loop counts its rounds by something other than ``_epoch`` or ``_iter``.

``for epoch in range(self._max_epochs)`` and ``while done < self._max_epochs`` start at 0 each time
that the loop runs.

## Why it matters

``Runner.resume`` sets ``_epoch`` and ``_iter`` before the loop runs. A loop that compares
something else with its maximum does not see how far the training was.

## Symptoms

A resumed run trains all epochs again: 12 more after epoch 6, though ``max_epochs`` is 12. The log
shows epochs beyond ``max_epochs``, and the ETA is negative from there on.

## Before -> after

Write ``while self._epoch < self._max_epochs and not self.stop_training``.

## Fix safety

There is no automatic fix for code. A run that is not resumed trains the same epochs as before.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.resume``; mmengine/runner/loops.py, ``run``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.loops import Fault, own_faults, own_functions, training_flow
from mmscaffold.check.code.steps import Advance, Assignment
from mmscaffold.check.code.syntax import call_to, names_in
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import COUNTED, COUNTERS, STEP_METHODS

_MAXIMA = {"_epoch": {"max_epochs", "_max_epochs"}, "_iter": {"max_iters", "_max_iters"}}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each loop that starts over when it is resumed."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    if flow is None:
        return
    training = {"run_epoch", "run_iter", *STEP_METHODS, *(name for _, name in flow.methods)}
    for function in own_functions(view, flow):
        for node in ast.walk(function):
            head = _head(node)
            if head is None or not names_in(node) & training:
                continue
            names = names_in(head)
            counter = next((one for one, maxima in _MAXIMA.items() if names & maxima), None)
            # A loop that does not count at all is another rule's.
            if counter is None or not flow.has(Advance(counter), Assignment(counter)):
                continue
            if names & {*COUNTERS, *COUNTED} or _leaves(node, counter):
                continue
            yield Fault(
                counter,
                head,
                f"{view.name} does not look at self.{counter} to end: a resumed run starts over",
                f"Write while self.{counter} < self._max{counter}s and not self.stop_training.",
            )


def _head(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.While):
        return node.test
    # range(...) may stand within enumerate or a progress bar; trange is tqdm's of both.
    if isinstance(node, ast.For) and any(
        call_to(one, "range") or call_to(one, "trange") for one in ast.walk(node.iter)
    ):
        return node.iter
    return None


def _leaves(loop: ast.AST, counter: str) -> bool:
    """Whether a condition within the loop compares the counter, and may skip or end rounds."""
    wanted = {counter, counter.removeprefix("_")}
    return any(
        isinstance(node, ast.If)
        and names_in(node.test) & wanted
        and any(isinstance(one, ast.Break | ast.Continue | ast.Return) for one in ast.walk(node))
        for node in ast.walk(loop)
    )


RULE = Rule(
    id="MMS255",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.call_hook('before_train')
                    for _ in range(self._epoch, self._max_epochs):
                        self.run_epoch()
                        self._decide_current_val_interval()
                        if (self.runner.val_loop is not None and self._epoch >= self.val_begin
                                and self._epoch % self.val_interval == 0):
                            self.runner.val_loop.run()
                        if self.stop_training:
                            break
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    for epoch in range(self._max_epochs):
                        print(f'epoch {epoch} is planned')
                    return super().run()
            """,
            because="Nothing is trained in it.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.call_hook('before_train')
                    done = 0
                    while done < self._max_epochs and not self.stop_training:
                        self.run_epoch()
                        done += 1
                        self._decide_current_val_interval()
                        if (self.runner.val_loop is not None and self._epoch >= self.val_begin
                                and self._epoch % self.val_interval == 0):
                            self.runner.val_loop.run()
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
            at=Spot(9, 15, 65),
            message="MyLoop does not look at self._epoch to end: a resumed run starts over",
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.call_hook('before_train')
                    while self._epoch < self._max_epochs and not self.stop_training:
                        self.run_epoch()
                        self._decide_current_val_interval()
                        if (self.runner.val_loop is not None and self._epoch >= self.val_begin
                                and self._epoch % self.val_interval == 0):
                            self.runner.val_loop.run()
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.call_hook('before_train')
                    for epoch in range(self._max_epochs):
                        self.run_epoch()
                        self._decide_current_val_interval()
                        if (self.runner.val_loop is not None and self._epoch >= self.val_begin
                                and self._epoch % self.val_interval == 0):
                            self.runner.val_loop.run()
                        if self.stop_training:
                            break
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
            at=Spot(8, 22, 45),
            message="MyLoop does not look at self._epoch to end: a resumed run starts over",
        ),
    ],
)
