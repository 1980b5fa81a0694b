"""An epoch of a train loop is not one pass over its dataloader.

An epoch loop that stops an epoch early, or goes through the dataloader several times in one,
leaves ``_max_iters`` at ``max_epochs * len(self.dataloader)`` (mmengine/runner/loops.py), and
``len(self.dataloader)`` is also what the log prints as the length of the epoch.

What one sees: the ETA never comes down to zero and a schedule by iteration never comes to its
end, as fewer iterations run than ``max_iters`` says; with more passes the ETA is negative from
some point on. The log says [2/4] at the last iteration of an epoch.

How to mend it: set ``self._max_iters`` to what really runs. To train a part of the data,
give the dataset ``indices``, or train by iterations with ``IterBasedTrainLoop``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code, Flow, Step
from mmscaffold.check.code.loops import Fault, own_faults, training_flow
from mmscaffold.check.code.steps import TRAIN_STEP, Break, DataPass
from mmscaffold.check.code.syntax import names_in
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS209"
SEVERITY = Severity.WARNING
_HEAD = """\
from itertools import islice

from mmengine.runner import EpochBasedTrainLoop


class MyLoop(EpochBasedTrainLoop):

    def run_epoch(self):
        self.runner.call_hook('before_train_epoch')
        self.runner.model.train()
"""
_TAIL = """\
        self.runner.call_hook('after_train_epoch')
        self._epoch += 1
"""
VALID: list[Example] = [
    _HEAD + "        for idx, data_batch in enumerate(self.dataloader):\n"
    "            self.run_iter(idx, data_batch)\n" + _TAIL,
    _HEAD + "        for idx, data_batch in enumerate(self.dataloader):\n"
    "            self.run_iter(idx, data_batch)\n"
    "            if self.stop_training:\n                break\n" + _TAIL,
]
INVALID: list[Example] = [
    _HEAD + "        for idx, data_batch in enumerate(islice(self.dataloader, 100)):\n"
    "            self.run_iter(idx, data_batch)\n" + _TAIL,
    _HEAD + "        for idx, data_batch in enumerate(self.dataloader):\n"
    "            if idx >= self.most:\n                break\n"
    "            self.run_iter(idx, data_batch)\n" + _TAIL,
]
# What ends the whole training, not an epoch alone.
_ENDS_TRAINING = {"stop_training", "max_iters", "_max_iters"}
_WHOLE_PASSES = {"self", "_max_iters", "max_epochs", "_max_epochs", "len", "dataloader", "int"}
_HINT = "Set self._max_iters to the iterations that really run."


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each epoch that is shorter or longer than its dataloader."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    if flow is None or not view.counts_epochs or _has_its_own_length(view):
        return
    passes = [step for step in flow.all(DataPass) if _trains_within(flow, step)]
    part = next((step for step in passes if step.is_a(DataPass(whole=False))), None)
    cut = next((step for one in passes for step in _breaks(flow, one)), None)
    again = [
        one
        for one in passes[1:]
        if one.loops[:-1] == passes[0].loops[:-1] and not one.excludes(passes[0])
    ]
    if part is not None or cut is not None:
        step = part or cut
        assert step is not None
        message = f"{view.name} ends an epoch before its dataloader does, and _max_iters counts "
        yield Fault("part", step.node, message + "whole ones", _HINT)
    elif again:
        message = f"{view.name} goes through its dataloader {len(again) + 1} times in an epoch, "
        yield Fault("again", again[0].node, message + "and _max_iters counts one", _HINT)


def _has_its_own_length(view: ClassView) -> bool:
    """Whether it sets ``_max_iters`` to something other than whole passes."""
    return any(
        not names_in(node) <= _WHOLE_PASSES for _, _, node in view.assigned.get("_max_iters", ())
    )


def _trains_within(flow: Flow, step: Step) -> bool:
    loop = step.loops[-1]
    return any(one.is_a(TRAIN_STEP) for one in flow.in_loop(loop))


def _breaks(flow: Flow, step: Step) -> Iterator[Step]:
    for one in flow.all(Break):
        names = {name for test in one.tests for name in names_in(test)}
        if one.loops == step.loops and not names & _ENDS_TRAINING:
            yield one
