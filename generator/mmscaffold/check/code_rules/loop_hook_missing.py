"""A custom loop does not call all hooks.

## Why it matters

A loop that overrides ``run``, ``run_epoch`` or ``run_iter`` calls the hooks itself, and each
has readers: ``before_train`` (CheckpointHook and IterTimerHook prepare themselves),
``before_train_epoch`` (the sampler gets the epoch), ``before_train_iter`` (time, learning rate
and ETA of the log), ``after_train_iter`` (log, schedulers by iteration, EMA),
``after_train_epoch`` (checkpoints, schedulers by epoch), ``after_train``; and for validation
``before_val``, ``before_val_epoch`` (EMA swaps its weights in), ``after_val_epoch`` (metrics in
the log, the best checkpoint, early stopping; EMA swaps back) and ``after_val``.

## Symptoms

Without before_train: ``AttributeError: 'CheckpointHook' object has no attribute
'file_backend'``, at the first checkpoint. Without before_train_epoch: ``'IterTimerHook' object
has no attribute 't'``. Without before_train_iter, the train lines have no lr and no eta. Without
after_train_iter, there are no train lines at all, and the rate of a schedule by iteration stays
constant. Without after_train_epoch, no checkpoint is written and the rate of a schedule by epoch
stays constant. Without after_val_epoch, there is no line with metrics and no best checkpoint.

## Before -> after

Call the hook where mmengine's own loop does, or call ``super()``.

## Fix safety

There is no automatic fix: where the call belongs depends on the loop. Once the hook is called,
everything that depends on it happens, such as writing checkpoints.

## Source in mmengine

mmengine/runner/loops.py, ``run``, ``run_epoch`` and ``run_iter`` of each loop;
mmengine/hooks/hook.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code, Flow, flow_of
from mmscaffold.check.code.loops import Fault, node_of, own_faults, training_flow
from mmscaffold.check.code.steps import HookCall, ModelStep
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import BASE_LOOP, VAL_LOOP
from mmscaffold.facts.runner import EVALUATION_MODES, LOOP_HOOK_POINTS

_Hooks = tuple[tuple[str, str], ...]  # the hook, and the method of mmengine's that calls it
_TRAIN: _Hooks = tuple(LOOP_HOOK_POINTS["train"].items())
# Those around a whole validation or test.
_AROUND = {
    mode: tuple(hook for hook, method in points.items() if method == "run")
    for mode, points in LOOP_HOOK_POINTS.items()
    if mode in EVALUATION_MODES
}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each loop that leaves out hooks, with all of them."""
    yield from own_faults(code.of_kind(BASE_LOOP), _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    if not view.inherits(BASE_LOOP):
        return
    if view.is_train_loop:
        flow = training_flow(view)
        wanted: _Hooks = _TRAIN
    else:
        flow = flow_of(view) if view.is_evaluation_loop else None
        wanted = _evaluation_hooks(view, flow) if flow is not None else ()
    if flow is None or flow.is_opaque or not flow.steps:
        return
    missing = [(hook, method) for hook, method in wanted if not flow.has(HookCall(hook))]
    for hook, method in missing:
        yield Fault(
            hook,
            node_of(view, method, "run"),
            f"{view.name} does not call the hook {hook}",
            f"Write self.runner.call_hook('{hook}', ...) where mmengine's own loop does.",
        )


def _evaluation_hooks(view: ClassView, flow: Flow) -> _Hooks:
    """The hooks of a validation or test; a search calls those of neither epoch."""
    modes = [mode for mode, hooks in _AROUND.items() if flow.has(*map(HookCall, hooks))]
    if not modes and view.inherits(VAL_LOOP) and flow.has(ModelStep("val")):
        modes = ["val"]
    if len(modes) != 1:
        return ()
    [mode] = modes
    if mode == "test" and not flow.has(*map(HookCall, _AROUND[mode][1:3])):
        return ()
    return tuple((hook, "run") for hook in _AROUND[mode])


RULE = Rule(
    id="MMS214",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop, ValLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
        ),
        Valid(
            """
            from mmengine.runner import ValLoop


            class MyValLoop(ValLoop):

                def run(self):
                    self.runner.call_hook('before_val')
                    self.runner.call_hook('before_val_epoch')
                    self.runner.model.eval()
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
            from mmengine.runner import TestLoop


            class Search(TestLoop):

                def run(self):
                    self.runner.call_hook('before_test')
                    for batch in self.dataloader:
                        self.runner.model.test_step(batch)
            """,
            because="A search that only borrows a loop.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop, ValLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    self._epoch += 1
            """,
            at=Spot(6, 5, 18),
            message="MyLoop does not call the hook after_train_epoch",
            after="""
            from mmengine.runner import EpochBasedTrainLoop, ValLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
        ),
        Invalid(
            """
            from mmengine.runner import ValLoop


            class MyValLoop(ValLoop):

                def run(self):
                    self.runner.call_hook('before_val')
                    self.runner.call_hook('before_val_epoch')
                    self.runner.model.eval()
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    metrics = self.evaluator.evaluate(len(self.dataloader.dataset))
                    self.runner.call_hook('after_val')
                    return metrics
            """,
            at=Spot(6, 5, 12),
            message="MyValLoop does not call the hook after_val_epoch",
            after="""
            from mmengine.runner import ValLoop


            class MyValLoop(ValLoop):

                def run(self):
                    self.runner.call_hook('before_val')
                    self.runner.call_hook('before_val_epoch')
                    self.runner.model.eval()
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
