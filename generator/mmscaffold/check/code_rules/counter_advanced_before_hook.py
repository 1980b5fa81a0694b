"""A train loop advances a counter before the hooks of what was just done.

In ``after_train_iter`` the hooks take ``runner.iter`` for the iteration that just ran, from 0,
and in ``after_train_epoch`` they take ``runner.epoch`` for the epoch that just ran
(mmengine/hooks/hook.py adds the 1 itself, in ``every_n_train_iters`` and ``every_n_epochs``).
So the counters move after these hooks.

What one sees: with ``_epoch`` advanced at the start of an epoch, the log says train[2] first,
and the first checkpoint is epoch_2.pth, the last one past the end. With ``_iter`` advanced
before its hook, iterations in the scalars are one ahead, and what happens every n iterations
happens one too early.

How to mend it: call the hook first, then advance.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.classes import COUNTERS
from mmscaffold.check.code.loops import Fault, own_faults, training_flow
from mmscaffold.check.code.steps import Advance, HookCall
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS206"
SEVERITY = Severity.ERROR
_HEAD = """\
from mmengine.runner import EpochBasedTrainLoop


class MyLoop(EpochBasedTrainLoop):

    def run_epoch(self):
"""
_EPOCH = """\
        self.runner.call_hook('before_train_epoch')
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
"""
_HOOK = "        self.runner.call_hook('after_train_epoch')\n"
VALID: list[Example] = [_HEAD + _EPOCH + _HOOK + "        self._epoch += 1"]
INVALID: list[Example] = [
    _HEAD + "        self._epoch += 1\n" + _EPOCH + _HOOK,
    _HEAD + _EPOCH + "        self._epoch += 1\n" + _HOOK,
]
_HOOKS = {"_epoch": "after_train_epoch", "_iter": "after_train_iter"}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each counter that moves too early."""
    yield from own_faults(code.train_loops, _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    flow = training_flow(view)
    if flow is None:
        return
    for counter in COUNTERS:
        hook = _HOOKS[counter]
        steps = flow.all(Advance(counter))
        if len(steps) != 1 or (counter == "_epoch" and not view.counts_epochs):
            continue
        [step] = steps
        after = [
            one
            for one in flow.all(HookCall(hook))
            if one.loops == step.loops and not one.excludes(step)
        ]
        if after and flow.position(step) < min(flow.position(one) for one in after):
            yield Fault(
                counter,
                step.node,
                f"{view.name} advances self.{counter} before the hook {hook}, which takes it for "
                "that of what was just done",
                f"Call the hook {hook} first.",
            )
