"""A validation opens its epoch more often than it closes it.

The same holds for tests.

## Why it matters

``EMAHook`` swaps the averaged weights in at ``before_val_epoch`` and out at ``after_val_epoch``.
A loop that evaluates twice, and calls ``before_val_epoch`` each time but ``after_val_epoch``
once, leaves them swapped.

## Symptoms

None without ``EMAHook``. With it, the loss jumps back after the validation: training continues
with the averaged weights, and averages those that it trained.

## Before -> after

Call both hooks once, around everything that the validation does; or both each time.

## Fix safety

There is no automatic fix: whether there should be one set of metrics or two is up to the
author.

## Source in mmengine

mmengine/hooks/ema_hook.py, ``EMAHook.before_val_epoch`` and ``after_val_epoch``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code, flow_of
from mmscaffold.check.code.loops import Fault, own_faults
from mmscaffold.check.code.steps import HookCall
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import EVALUATION_MODES


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each validation or test that opens twice and closes once."""
    yield from own_faults(code.evaluation_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    if not view.is_evaluation_loop:
        return
    flow = flow_of(view)
    for mode in EVALUATION_MODES:
        opens = flow.all(HookCall(f"before_{mode}_epoch"))
        closes = flow.all(HookCall(f"after_{mode}_epoch"))
        # Which of several branches runs, the text does not tell.
        if not opens or not closes or any(step.arms for step in (*opens, *closes)):
            continue
        if Counter(len(step.loops) for step in opens) != Counter(
            len(step.loops) for step in closes
        ):
            yield Fault(
                mode,
                opens[-1].node,
                f"{view.name} does not call before_{mode}_epoch and after_{mode}_epoch in pairs: "
                "EMAHook swaps weights in each of them",
                "Call both once, around all that is evaluated.",
            )


RULE = Rule(
    id="MMS245",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import ValLoop


            class MyValLoop(ValLoop):

                def run(self):
                    self.runner.call_hook('before_val')
                    self.runner.model.eval()
                    self.runner.call_hook('before_val_epoch')
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    metrics = self.evaluator.evaluate(len(self.dataloader.dataset))
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    metrics = self.evaluator.evaluate(len(self.dataloader.dataset))
                    self.runner.call_hook('after_val_epoch', metrics=metrics)
                    self.runner.call_hook('after_val')
                    return metrics
            """,
        ),
        Valid(
            """
            from mmengine.runner import ValLoop


            class MyValLoop(ValLoop):

                def run(self):
                    self.runner.call_hook('before_val')
                    self.runner.model.eval()
                    self.runner.call_hook('before_val_epoch')
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    metrics = self.evaluator.evaluate(len(self.dataloader.dataset))
                    self.runner.call_hook('after_val_epoch', metrics=metrics)
                    self.runner.call_hook('before_val_epoch')
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    metrics = self.evaluator.evaluate(len(self.dataloader.dataset))
                    self.runner.call_hook('after_val_epoch', metrics=metrics)
                    self.runner.call_hook('after_val')
                    return metrics
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import ValLoop


            class MyValLoop(ValLoop):

                def run(self):
                    self.runner.call_hook('before_val')
                    self.runner.model.eval()
                    self.runner.call_hook('before_val_epoch')
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    metrics = self.evaluator.evaluate(len(self.dataloader.dataset))
                    self.runner.call_hook('before_val_epoch')
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    metrics = self.evaluator.evaluate(len(self.dataloader.dataset))
                    self.runner.call_hook('after_val_epoch', metrics=metrics)
                    self.runner.call_hook('after_val')
                    return metrics
            """,
            at=Spot(13, 9, 50),
            message=(
                "MyValLoop does not call before_val_epoch and after_val_epoch in pairs: EMAHook "
                "swaps weights in each of them"
            ),
            after="""
            from mmengine.runner import ValLoop


            class MyValLoop(ValLoop):

                def run(self):
                    self.runner.call_hook('before_val')
                    self.runner.model.eval()
                    self.runner.call_hook('before_val_epoch')
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    metrics = self.evaluator.evaluate(len(self.dataloader.dataset))
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    metrics = self.evaluator.evaluate(len(self.dataloader.dataset))
                    self.runner.call_hook('after_val_epoch', metrics=metrics)
                    self.runner.call_hook('after_val')
                    return metrics
            """,
        ),
    ],
)
