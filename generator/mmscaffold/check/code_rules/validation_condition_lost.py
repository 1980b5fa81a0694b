"""A train loop with its own ``run`` does not validate when the config says.

## Why it matters

mmengine's loops validate if there is a val loop, from ``val_begin`` on, every ``val_interval``
epochs or iterations, with ``self.runner.val_loop.run()``. ``self.runner.val()`` is no
substitute: it calls the hooks ``before_run`` and ``after_run`` again, in the middle of the
training.

## Symptoms

Without a validation in ``run``: no val line in the log, no best checkpoint. Without
``val_interval`` or ``val_begin`` in the condition, epochs are validated that the config would
skip. Without the check for None, training without a validation set ends with
``AttributeError: 'NoneType' object has no attribute 'run'``. With ``self.runner.val()``, the
hooks of a run are also called with each validation: what they close, such as the visualizer, is
closed for the rest of training.

## Before -> after

Copy the whole condition of mmengine's loop: ``if self.runner.val_loop is not None and
self._epoch >= self.val_begin and self._epoch % self.val_interval == 0``.

## Fix safety

There is no automatic fix: a loop may deliberately validate at moments of its own.

## Source in mmengine

mmengine/runner/loops.py, ``EpochBasedTrainLoop.run`` and ``IterBasedTrainLoop.run``;
mmengine/runner/runner.py, ``Runner.val``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.flow import Flow
from mmscaffold.check.code.loops import Fault, node_of, own_faults, repeats, training_flow
from mmscaffold.check.code.steps import Step, Validation
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.project.constructor import constructor_of


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each loop that validates too often, never, or by ``val()``."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    if flow is None or not repeats(flow):
        return
    whole = flow.first(Validation(whole_run=True))
    step = flow.first(Validation())
    if whole is not None:
        yield Fault(
            "whole",
            whole.node,
            f"{view.name} validates with runner.val(), which calls before_run and after_run again",
            "Call self.runner.val_loop.run() instead.",
        )
    elif step is None:
        if not flow.is_opaque and "val_loop" not in flow.names:
            message = f"{view.name} never validates, whatever the config says"
            yield Fault("never", node_of(view, "run"), message, "Call self.runner.val_loop.run().")
    elif step.owner is not None and not _is_additional(step, flow):
        missing = [name for name in _settings(view) if name not in flow.names]
        if "val_loop" not in flow.compared:
            missing.insert(0, "val_loop is not None")
        if missing:
            yield Fault(
                "condition",
                step.node,
                f"{view.name} validates without checking {', '.join(missing)}",
                "Copy the whole condition of mmengine's loop.",
            )


def _is_additional(step: Step, flow: Flow) -> bool:
    """Whether it is below a condition of its own, beside the validations of mmengine's loop."""
    return step.optional and any(one.owner is None for one in flow.all(Validation()))


def _settings(view: ClassView) -> list[str]:
    """Of what sets when mmengine's loops validate, what this loop can be given."""
    built = constructor_of(view.code.package, view.definition, view.code.table.constructor)
    return [
        name
        for name in ("val_interval", "val_begin")
        if built is None or built.is_open or name in built.arguments
    ]


RULE = Rule(
    id="MMS218",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    super().run_iter(idx, data_batch)
                    if self._iter % 500 == 0 and self.runner.val_loop is not None:
                        self.runner.val_loop.run()
                        self.runner.model.train()
            """,
            because="It validates more often than the config says, and then as well.",
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.call_hook('before_train')
                    while self._epoch < self._max_epochs and not self.stop_training:
                        self.run_epoch()
                        if (self.runner.val_loop is not None and self._epoch >= self.val_begin
                                and self._epoch % self.val_interval == 0):
                            self.runner.val_loop.run()
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    super().run_epoch()
                    self.runner.val_loop.run()
            """,
            at=Spot(8, 9, 35),
            message=(
                "MyLoop validates without checking val_loop is not None, val_interval, val_begin"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.call_hook('before_train')
                    while self._epoch < self._max_epochs and not self.stop_training:
                        self.run_epoch()
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
            at=Spot(6, 5, 12),
            message="MyLoop never validates, whatever the config says",
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.call_hook('before_train')
                    while self._epoch < self._max_epochs and not self.stop_training:
                        self.run_epoch()
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
                    while self._epoch < self._max_epochs and not self.stop_training:
                        self.run_epoch()
                        self.runner.val_loop.run()
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
            at=Spot(10, 13, 39),
            message=(
                "MyLoop validates without checking val_loop is not None, val_interval, val_begin"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run(self):
                    self.runner.call_hook('before_train')
                    while self._epoch < self._max_epochs and not self.stop_training:
                        self.run_epoch()
                        if (self.runner.val_loop is not None and self._epoch >= self.val_begin
                                and self._epoch % self.val_interval == 0):
                            self.runner.val()
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
            at=Spot(12, 17, 34),
            message=(
                "MyLoop validates with runner.val(), which calls before_run and after_run again"
            ),
        ),
    ],
)
