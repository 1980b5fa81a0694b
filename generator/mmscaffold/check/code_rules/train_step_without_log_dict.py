"""A model's ``train_step`` returns something else than a dict.

What ``train_step`` returns goes to every hook as ``outputs`` (mmengine/runner/loops.py), and
``RuntimeInfoHook`` reads its ``items()`` for the log (mmengine/hooks/runtime_info_hook.py).
mmengine's own returns the dict of scalars that ``parse_losses`` makes: its second value, not
the first.

What one sees: ``AttributeError: 'Tensor' object has no attribute 'items'``, or ``'tuple'
object``, after the first iteration.

How to mend it: ``loss, log_vars = self.parse_losses(losses)``, and ``return log_vars``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.train_steps import train_steps
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS230"
SEVERITY = Severity.ERROR
_HEAD = (
    "from mmengine.model import BaseModel\n\n\nclass OwnModel(BaseModel):\n"
    "    def train_step(self, data, optim_wrapper):\n"
    "        losses = self._run_forward(data, mode='loss')\n"
)
_PARSE = (
    "        loss, log_vars = self.parse_losses(losses)\n"
    "        optim_wrapper.update_params(loss)\n"
)
VALID: list[Example] = [
    _HEAD + _PARSE + "        return log_vars\n",
    _HEAD + _PARSE + "        outputs = dict(loss=loss)\n        return outputs\n",
    _HEAD + _PARSE + "        if self.training:\n            loss = {'loss': loss}\n"
    "        return loss\n",
    # A loop of the same project, which may know what it gets.
    _HEAD + _PARSE + "        return loss\n\n\n"
    "from mmengine.runner import EpochBasedTrainLoop\n\n\nclass OwnLoop(EpochBasedTrainLoop):\n"
    "    def run_iter(self, idx, data_batch):\n"
    "        loss = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)\n",
]
INVALID: list[Example] = [
    _HEAD + _PARSE + "        return loss\n",
    _HEAD + _PARSE + "        return loss, log_vars\n",
    _HEAD + "        loss = sum(losses.values())\n        optim_wrapper.update_params(loss)\n"
    "        return loss\n",
]


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each method that certainly returns no dict."""
    for step in train_steps(code):
        for value in step.values:
            what = step.no_dict(value)
            if what is not None and not step.is_read_by_others:
                yield step.view.found(
                    value,
                    f"{step.view.name}.train_step returns {what}; hooks read the items of a dict",
                    "Return the dict of scalars for the log: parse_losses gives it.",
                )
                break
