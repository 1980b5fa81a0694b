"""An epoch loop's ``_max_iters`` is not the number of iterations that it runs.

## Why it matters

``max_iters`` has to be ``max_epochs * len(self.dataloader)``. The ETA is computed from it, it is
the default ``end`` of schedulers by iteration, and gradient accumulation needs it for the last
batches.

## Symptoms

With a number that is too small, the ETA is negative from some point on and a schedule by
iteration reaches its end too early, so the rest is trained with the last rate. With one that is
too large, the ETA never reaches zero, and the schedule never reaches its end.

Looked at are loops whose epoch is one iteration for each batch, as far as their code shows.

## Before -> after

Write ``self._max_iters = self._max_epochs * len(self.dataloader)``.

## Fix safety

There is no automatic fix: a loop may really run a different number of iterations, and then has to
compute it.

## Source in mmengine

mmengine/runner/loops.py, ``EpochBasedTrainLoop.__init__`` computes it;
mmengine/hooks/iter_timer_hook.py reads it for the ETA.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code, Flow
from mmscaffold.check.code.loops import Fault, own_faults, repeats, training_flow
from mmscaffold.check.code.steps import Advance, Break, DataPass
from mmscaffold.check.code.syntax import assigned_value, call_to, names_in
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid

_EPOCHS = {"max_epochs", "_max_epochs"}
_HINT = "Write self._max_iters = self._max_epochs * len(self.dataloader)."


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each ``_max_iters`` that cannot be right."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    assigned = view.assigned.get("_max_iters", ())
    if flow is None or not assigned or not view.counts_epochs or not repeats(flow):
        return
    if not _takes_each_batch_once(flow):
        return
    for owner, _, node in assigned:
        value = assigned_value(node, "_max_iters")
        if owner is not view.definition or value is None:
            continue
        what = _what_it_is(value)
        if what is None and isinstance(value, ast.Constant) and len(assigned) == 1:
            what = f"the constant {value.value!r}"
        if what is not None:
            message = f"{view.name} sets _max_iters to {what}, but trains max_epochs epochs of "
            message += "len(self.dataloader) iterations"
            yield Fault(f"max_iters {value.lineno}", node, message, _HINT)


def _takes_each_batch_once(flow: Flow) -> bool:
    """Whether an epoch is one iteration for each batch, and the training ends by its epochs."""
    counted = flow.all(Advance("_iter"))
    # Where its code looks at these, it may end by its iterations.
    ends_by_iterations = flow.names & {"_max_iters", "max_iters"} or flow.compared & {
        "_iter",
        "iter",
    }
    if not counted or ends_by_iterations:
        return False
    first, *others = counted
    if len(first.loops) != 2 or any(one.amount != 1 for one in counted):
        return False
    # Two that never happen both are one; one alone that is optional may not happen at all.
    if first.optional if not others else not all(one.excludes(first) for one in others):
        return False
    around = [one for one in flow.all(DataPass) if one.loops == first.loops]
    if not around or any(one.is_a(DataPass(whole=False)) for one in around):
        return False
    ends = (one for one in flow.all(Break) if one.loops == first.loops)
    # What ends the whole training does not make an epoch shorter.
    return all(any("stop_training" in names_in(test) for test in one.tests) for one in ends)


def _what_it_is(value: ast.expr) -> str | None:
    if isinstance(value, ast.Constant):
        # 0 and None may be set until something better is known.
        return f"the constant {value.value!r}" if value.value else None
    if isinstance(value, ast.Attribute | ast.Name) and names_in(value) & _EPOCHS:
        return "the number of epochs"
    if _is_samples(value):
        return "the number of samples, not of batches"
    if _is_length_of_dataloader(value):
        return "the iterations of one epoch"
    return None


def _is_samples(value: ast.expr) -> bool:
    """Whether it is the length of the data set, maybe times the epochs, and nothing else."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
        sides = (value.left, value.right)
        return any(_is_samples(one) for one in sides) and all(
            _is_samples(one) or _is_epochs(one) for one in sides
        )
    call = call_to(value, "len")
    return call is not None and len(call.args) == 1 and _last_name(call.args[0]) == "dataset"


def _is_epochs(value: ast.expr) -> bool:
    return _last_name(value) in _EPOCHS


def _last_name(value: ast.expr) -> str:
    if isinstance(value, ast.Attribute):
        return value.attr
    return value.id if isinstance(value, ast.Name) else ""


def _is_length_of_dataloader(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "len"
        and names_in(value) <= {"len", "self", "dataloader"}
    )


RULE = Rule(
    id="MMS208",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = self._max_epochs * len(self.dataloader)
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = self._max_epochs * self.iters_per_epoch
            """,
            because="A length of its own, which may be right.",
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = (
                        max_epochs * len(self.dataloader) * self.dataloader.dataset.frames)

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    frames = self.dataloader.dataset.frames
                    for clip, data_batch in enumerate(self.dataloader):
                        for frame, one in enumerate(data_batch):
                            self.run_iter(clip * frames + frame, one)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            because="An iteration for each frame of a clip.",
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = max_epochs * len(self.dataloader.dataset)

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    idx = 0
                    for data_batch in self.dataloader:
                        for sample in data_batch:
                            self.run_iter(idx, sample)
                            idx += 1
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            because="An iteration for each sample of a batch.",
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = max_epochs * min(
                        len(self.dataloader), self.dataloader.dataset.limit)

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, data_batch in enumerate(self.dataloader):
                        if idx == self.dataloader.dataset.limit:
                            break
                        self.run_iter(idx, data_batch)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            because="It ends an epoch there.",
        ),
        Valid(
            """
            import math

            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = max_epochs * math.ceil(len(dataloader.dataset) / self.size)
            """,
            because="Divided by what may be the size of a batch.",
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = 90000

                def run(self):
                    self.runner.call_hook('before_train')
                    while self._iter < self._max_iters and not self.stop_training:
                        self.run_epoch()
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
            because="It trains that many.",
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = 90000

                def run(self):
                    self.runner.call_hook('before_train')
                    while self._epoch < self._max_epochs:
                        self.run_epoch()
                        if self._iter >= 90000:
                            break
                    self.runner.call_hook('after_train')
                    return self.runner.model
            """,
            because="It ends there, whatever max_epochs is.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = 90000
            """,
            at=Spot(8, 9, 32),
            message=(
                "MyLoop sets _max_iters to the constant 90000, but trains max_epochs epochs of "
                "len(self.dataloader) iterations"
            ),
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = self._max_epochs * len(self.dataloader)
            """,
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = max_epochs
            """,
            at=Spot(8, 9, 37),
            message=(
                "MyLoop sets _max_iters to the number of epochs, but trains max_epochs epochs "
                "of len(self.dataloader) iterations"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = max_epochs * len(self.dataloader.dataset)
            """,
            at=Spot(8, 9, 68),
            message=(
                "MyLoop sets _max_iters to the number of samples, not of batches, but trains "
                "max_epochs epochs of len(self.dataloader) iterations"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = len(self.dataloader)
            """,
            at=Spot(8, 9, 47),
            message=(
                "MyLoop sets _max_iters to the iterations of one epoch, but trains max_epochs "
                "epochs of len(self.dataloader) iterations"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def __init__(self, runner, dataloader, max_epochs):
                    super().__init__(runner, dataloader, max_epochs)
                    self._max_iters = len(self.dataloader.dataset) * self._max_epochs

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, data_batch in enumerate(self.dataloader):
                        if self.stop_training:
                            break
                        self.run_iter(idx, data_batch)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1
            """,
            at=Spot(8, 9, 74),
            message=(
                "MyLoop sets _max_iters to the number of samples, not of batches, but trains "
                "max_epochs epochs of len(self.dataloader) iterations"
            ),
        ),
    ],
)
