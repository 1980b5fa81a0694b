"""A loop calls a hook at the wrong place, twice, or without what it needs.

## Why it matters

The order is before_train; for each epoch before_train_epoch, for each batch before_train_iter,
the step, after_train_iter, and after_train_epoch; and finally after_train. ``batch_idx`` is
the index inside the epoch, and ``after_train_iter`` gets the ``outputs`` of the step.
Schedulers step in the ``after`` hooks, so calling one twice steps them twice.

## Symptoms

With after_train_iter called twice, a schedule by iteration runs at double speed, and so does one
by epoch with after_train_epoch. With a batch_idx that counts the whole training, the log says
[6/4]. Without batch_idx: ``TypeError: missing 1 required positional argument``. Without outputs,
the train lines have no loss. Without metrics in after_val_epoch, there is no best checkpoint, and
the log has no metrics; a test loop that evaluates nothing needs none. With before_train_iter after
the step, the log says that the step takes no time of its own: all of it is ``data_time``.

## Before -> after

Call each hook once, where mmengine's own loop calls it, with ``batch_idx=idx,
data_batch=data_batch`` and, after the step, ``outputs=outputs``.

## Fix safety

There is no automatic fix: calls have to be moved by hand. A schedule that was tuned while it
stepped twice runs at half that speed afterwards.

## Source in mmengine

mmengine/runner/loops.py, ``run``, ``run_epoch`` and ``run_iter`` of each loop;
mmengine/hooks/hook.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code, Flow, Step, flow_of
from mmscaffold.check.code.loops import (
    Fault,
    hook_is_repeated,
    own_faults,
    own_functions,
    train_step_loops,
    training_flow,
)
from mmscaffold.check.code.steps import TRAIN_STEP, HookCall
from mmscaffold.check.code.syntax import attribute_path, call_to, is_open, keyword, self_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import BASE_LOOP
from mmscaffold.facts.runner import LOOP_HOOK_POINTS

_HINT = "Call each hook once, where mmengine's own loop calls it, with all its arguments."
_TRAIN = tuple(LOOP_HOOK_POINTS["train"])
_BEFORE = tuple(hook for hook in _TRAIN if hook.startswith("before_"))
_AFTER = tuple(hook for hook in _TRAIN if hook.startswith("after_"))
# mmengine/evaluator/evaluator.py and metric.py
_EVALUATE = {"evaluate", "offline_evaluate", "compute_metrics"}
_INDEX_OF_TRAINING = {"self._iter", "self.iter", "self.runner.iter", "runner.iter"}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each hook that is called wrongly."""
    yield from own_faults(code.of_kind(BASE_LOOP), _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    if not view.inherits(BASE_LOOP):
        return
    if view.is_train_loop:
        flow = training_flow(view)
        if flow is not None:
            yield from _repeated(view, flow)
            yield from _out_of_order(view, flow)
            yield from _arguments(view, flow, "train")
            yield from _index_of_the_batch(view, flow)
    elif view.is_evaluation_loop:
        flow = flow_of(view)
        yield from _arguments(view, flow, "val")
        yield from _arguments(view, flow, "test")


def _repeated(view: ClassView, flow: Flow) -> Iterator[Fault]:
    for hook in _TRAIN:
        steps = flow.all(HookCall(hook))
        again = next((one for one in steps[1:] if hook_is_repeated(steps[0], one)), None)
        # Several steps of training in a round may each have their hooks.
        several = hook.endswith("_iter") and len(flow.all(TRAIN_STEP)) >= len(steps)
        if again is not None and not again.optional and not several:
            message = f"{view.name} calls the hook {hook} twice in a round"
            yield Fault(f"{hook} twice", again.node, message, _HINT)


def _out_of_order(view: ClassView, flow: Flow) -> Iterator[Fault]:
    batches = train_step_loops(flow)
    step = flow.first(TRAIN_STEP)
    assert step is not None
    where = flow.position(step)
    last = max(flow.position(one) for one in flow.all(TRAIN_STEP))
    for hook in _BEFORE:
        found = flow.first(HookCall(hook))
        if found is not None and flow.position(found) > where and not found.excludes(step):
            message = f"{view.name} calls the hook {hook} after the step of training"
            yield Fault(f"{hook} late", found.node, message, _HINT)
    for hook in _AFTER:
        steps = flow.all(HookCall(hook))
        if steps and flow.position(steps[-1]) < last and not steps[-1].excludes(step):
            message = f"{view.name} calls the hook {hook} before the step of training"
            yield Fault(f"{hook} early", steps[-1].node, message, _HINT)
    if not view.counts_epochs or len(batches) < 2:
        return
    for hook in ("before_train_epoch", "after_train_epoch"):
        for one in flow.all(HookCall(hook)):
            if not one.optional and one.loops[: len(batches)] == batches:
                message = f"{view.name} calls the hook {hook} with each batch"
                yield Fault(f"{hook} inside", one.node, message, _HINT)
            elif not one.loops:
                message = f"{view.name} calls the hook {hook} once, not with each epoch"
                yield Fault(f"{hook} outside", one.node, message, _HINT)


def _arguments(view: ClassView, flow: Flow, mode: str) -> Iterator[Fault]:
    for name in (f"before_{mode}_iter", f"after_{mode}_iter"):
        for step in flow.all(HookCall(name)):
            yield from _iteration(view, flow, step, name)
    # CheckpointHook cannot do without the metrics of a validation; those of a test are only shown.
    needs_metrics = mode == "val" or any(call.name in _EVALUATE for call in flow.calls)
    for step in flow.all(HookCall(f"after_{mode}_epoch")):
        if mode != "train" and needs_metrics and _lacks(step, "metrics"):
            message = f"{view.name} calls the hook after_{mode}_epoch without metrics"
            yield Fault(f"after_{mode}_epoch metrics", step.node, message, _HINT)


def _iteration(view: ClassView, flow: Flow, step: Step, name: str) -> Iterator[Fault]:
    if _lacks(step, "batch_idx"):
        message = f"{view.name} calls the hook {name} without batch_idx"
        yield Fault(f"{name} batch_idx", step.node, message, _HINT)
    elif name.endswith("_train_iter") and view.counts_epochs and step.call is not None:
        index = keyword(step.call, "batch_idx")
        one_loop = len(train_step_loops(flow)) < 2
        if index is not None and attribute_path(index) in _INDEX_OF_TRAINING and not one_loop:
            message = f"{view.name} gives the hook {name} the iteration of the whole training as "
            yield Fault(f"{name} index", step.node, message + "batch_idx", _HINT)
    if name == "after_train_iter" and _lacks(step, "outputs"):
        message = f"{view.name} calls the hook {name} without the outputs of the step"
        yield Fault(f"{name} outputs", step.node, message, _HINT)


def _index_of_the_batch(view: ClassView, flow: Flow) -> Iterator[Fault]:
    """Calls of mmengine's ``run_iter``, which hands its first argument on as ``batch_idx``."""
    if not view.counts_epochs or view.method("run_iter") is not None:
        return
    for function in own_functions(view, flow):
        for node in ast.walk(function):
            call = call_to(node, "run_iter")
            if call is None or attribute_path(call.func) != f"{self_name(function)}.run_iter":
                continue
            first = call.args[0] if call.args else keyword(call, "idx")
            if first is not None and attribute_path(first) in _INDEX_OF_TRAINING:
                message = f"{view.name} gives run_iter the iteration of the whole training as idx"
                yield Fault("run_iter index", call, message, _HINT)


def _lacks(step: Step, name: str) -> bool:
    """Whether a call of a hook, whose code was read, does not hand over an argument."""
    call = step.call
    if call is None or is_open(call):
        return False
    value = keyword(call, name)
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


RULE = Rule(
    id="MMS215",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    runner = self.runner
                    runner.call_hook('before_train_iter', batch_idx=idx, data_batch=data_batch)
                    outputs = runner.model.train_step(data_batch, runner.optim_wrapper)
                    runner.call_hook(
                        'after_train_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs)
                    self._iter += 1
            """,
        ),
        Valid(
            """
            from mmengine.runner import TestLoop


            class MyLoop(TestLoop):

                def run(self):
                    self.runner.call_hook('before_test')
                    self.runner.call_hook('before_test_epoch')
                    self.runner.model.eval()
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    self.runner.call_hook('after_test_epoch')
                    self.runner.call_hook('after_test')
            """,
            because="It has no metrics.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for data_batch in self.dataloader:
                        self.run_iter(self._iter, data_batch)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            at=Spot(10, 13, 50),
            message="MyLoop gives run_iter the iteration of the whole training as idx",
            because="It becomes batch_idx.",
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    runner = self.runner
                    outputs = runner.model.train_step(data_batch, runner.optim_wrapper)
                    runner.call_hook('before_train_iter', batch_idx=idx, data_batch=data_batch)
                    runner.call_hook(
                        'after_train_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs)
                    self._iter += 1
            """,
            at=Spot(9, 9, 84),
            message="MyLoop calls the hook before_train_iter after the step of training",
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    runner = self.runner
                    runner.call_hook('before_train_iter', batch_idx=idx, data_batch=data_batch)
                    outputs = runner.model.train_step(data_batch, runner.optim_wrapper)
                    runner.call_hook(
                        'after_train_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs)
                    self._iter += 1
            """,
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    runner = self.runner
                    runner.call_hook('before_train_iter', batch_idx=idx, data_batch=data_batch)
                    outputs = runner.model.train_step(data_batch, runner.optim_wrapper)
                    runner.call_hook(
                        'after_train_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs)
                    runner.call_hook(
                        'after_train_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs)
                    self._iter += 1
            """,
            at=Spot(12, 9, 87, end_line=13),
            message="MyLoop calls the hook after_train_iter twice in a round",
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    runner = self.runner
                    runner.call_hook('before_train_iter', batch_idx=idx, data_batch=data_batch)
                    outputs = runner.model.train_step(data_batch, runner.optim_wrapper)
                    runner.call_hook(
                        'after_train_iter', batch_idx=self._iter, data_batch=data_batch,
                        outputs=outputs)
                    self._iter += 1
            """,
            at=Spot(10, 9, 29, end_line=12),
            message=(
                "MyLoop gives the hook after_train_iter the iteration of the whole training as "
                "batch_idx"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    runner = self.runner
                    runner.call_hook('before_train_iter', batch_idx=idx, data_batch=data_batch)
                    outputs = runner.model.train_step(data_batch, runner.optim_wrapper)
                    runner.call_hook(
                        'after_train_iter', batch_idx=idx, data_batch=data_batch)
                    self._iter += 1
            """,
            at=Spot(10, 9, 70, end_line=11),
            message="MyLoop calls the hook after_train_iter without the outputs of the step",
        ),
        Invalid(
            """
            from mmengine.runner import TestLoop


            class MyLoop(TestLoop):

                def run(self):
                    self.runner.call_hook('before_test')
                    self.runner.call_hook('before_test_epoch')
                    self.runner.model.eval()
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    metrics = self.evaluator.evaluate(len(self.dataloader.dataset))
                    self.runner.call_hook('after_test_epoch')
                    self.runner.call_hook('after_test')
                    return metrics
            """,
            at=Spot(13, 9, 50),
            message="MyLoop calls the hook after_test_epoch without metrics",
            because="The log of the test lacks them.",
        ),
        Invalid(
            """
            from mmengine.runner import ValLoop


            class MyLoop(ValLoop):

                def run(self):
                    self.runner.call_hook('before_val')
                    self.runner.call_hook('before_val_epoch')
                    self.runner.model.eval()
                    for idx, data_batch in enumerate(self.dataloader):
                        self.run_iter(idx, data_batch)
                    self.runner.call_hook('after_val_epoch')
                    self.runner.call_hook('after_val')
            """,
            at=Spot(12, 9, 49),
            message="MyLoop calls the hook after_val_epoch without metrics",
            because="CheckpointHook and EarlyStoppingHook have no default for them.",
        ),
    ],
)
