"""A train loop with a ``run`` of its own does not validate when the config says.

mmengine's loops validate if there is a val loop, from ``val_begin`` on, every
``val_interval`` epochs or iterations, and by ``self.runner.val_loop.run()`` (mmengine/runner/
loops.py). ``self.runner.val()`` is no substitute: it calls the hooks ``before_run`` and
``after_run`` again, in the middle of the training.

What one sees: without a validation in ``run``, no val line in the log, no best checkpoint.
Without ``val_interval`` or ``val_begin`` in the condition, epochs are validated that the config
leaves out. Without the question for None, a training without a validation set ends with
AttributeError: 'NoneType' object has no attribute 'run'. With ``self.runner.val()``, the
hooks of a run are called with each validation, too: what they close, such as the visualizer,
is closed for the rest of the training.

How to mend it: copy the condition of mmengine's loop whole: ``if self.runner.val_loop is not
None and self._epoch >= self.val_begin and self._epoch % self.val_interval == 0``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.loops import Fault, node_of, own_faults, repeats, training_flow
from mmscaffold.check.code.steps import Validation
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS218"
SEVERITY = Severity.WARNING
_HEAD = """\
from mmengine.runner import EpochBasedTrainLoop


class MyLoop(EpochBasedTrainLoop):

    def run(self):
        self.runner.call_hook('before_train')
        while self._epoch < self._max_epochs and not self.stop_training:
            self.run_epoch()
"""
_TAIL = "        self.runner.call_hook('after_train')\n        return self.runner.model\n"
VALID: list[Example] = [
    _HEAD + "            if (self.runner.val_loop is not None and self._epoch >= self.val_begin\n"
    "                    and self._epoch % self.val_interval == 0):\n"
    "                self.runner.val_loop.run()\n" + _TAIL,
]
INVALID: list[Example] = [
    _HEAD + _TAIL,
    _HEAD + "            self.runner.val_loop.run()\n" + _TAIL,
    _HEAD + "            if (self.runner.val_loop is not None and self._epoch >= self.val_begin\n"
    "                    and self._epoch % self.val_interval == 0):\n"
    "                self.runner.val()\n" + _TAIL,
]


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
            f"{view.name} validates by runner.val(), which calls before_run and after_run again",
            "self.runner.val_loop.run()",
        )
    elif step is None:
        if not flow.is_opaque and "val_loop" not in flow.names:
            message = f"{view.name} never validates, whatever the config says"
            yield Fault("never", node_of(view, "run"), message, "self.runner.val_loop.run()")
    elif step.owner is not None:
        missing = [name for name in ("val_interval", "val_begin") if name not in flow.names]
        if "val_loop" not in flow.compared:
            missing.insert(0, "val_loop is not None")
        if missing:
            yield Fault(
                "condition",
                step.node,
                f"{view.name} validates without asking for {', '.join(missing)}",
                "Copy the condition of mmengine's loop whole.",
            )
