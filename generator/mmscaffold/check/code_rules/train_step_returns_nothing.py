"""A model's ``train_step`` returns nothing.

What ``train_step`` returns is all that the log knows of the losses: ``RuntimeInfoHook`` copies
the dict to the message hub (mmengine/hooks/runtime_info_hook.py). It lets ``None`` pass, so
that nothing fails; the training goes its way unseen.

What one sees: lines of the log with learning rate and time, but without any loss, and none in
``vis_data/scalars.json``.

How to mend it: return the dict of scalars, the second value of ``parse_losses``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.train_steps import train_steps
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS231"
SEVERITY = Severity.WARNING
_HEAD = (
    "from mmengine.model import BaseModel\n\n\nclass OwnModel(BaseModel):\n"
    "    def train_step(self, data, optim_wrapper):\n"
)
VALID: list[Example] = [
    _HEAD + "        return super().train_step(data, optim_wrapper)\n",
    _HEAD + "        raise NotImplementedError\n",
    _HEAD + "        pass\n",
]
INVALID: list[Example] = [
    _HEAD + "        losses = self._run_forward(data, mode='loss')\n"
    "        loss, log_vars = self.parse_losses(losses)\n"
    "        optim_wrapper.update_params(loss)\n",
    _HEAD
    + "        super().train_step(data, optim_wrapper)\n        self.steps += 1\n        return\n",
]


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each method that returns no value."""
    for step in train_steps(code):
        if not step.values and not step.is_read_by_others:
            yield step.view.found(
                step.function,
                f"{step.view.name}.train_step returns nothing, so that no loss gets to the log",
                "Return the dict of scalars that parse_losses gives.",
            )
