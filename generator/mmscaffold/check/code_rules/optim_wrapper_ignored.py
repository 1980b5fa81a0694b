"""A model's ``train_step`` does not use the optimizer wrapper that it gets.

``optim_wrapper.update_params(loss)`` does the backward pass, the step of the optimizer and
the reset of gradients; accumulation, clipping and mixed precision are done there, too
(mmengine/optim/optimizer/optimizer_wrapper.py). A ``train_step`` that never touches its second
argument leaves the weights alone, while loss, learning rate and epochs go on being logged.

What one sees: the weights at the end are those of the beginning, and the loss of the same
data never falls.

How to mend it: ``optim_wrapper.update_params(loss)``, with the forward pass below ``with
optim_wrapper.optim_context(self):``; or call ``super().train_step(data, optim_wrapper)``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import Code, Function
from mmscaffold.check.code.train_steps import train_steps
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS232"
SEVERITY = Severity.ERROR
_HEAD = (
    "from mmengine.model import BaseModel\n\n\nclass OwnModel(BaseModel):\n"
    "    def train_step(self, data, optim_wrapper):\n"
)
_LOSS = (
    "        losses = self._run_forward(data, mode='loss')\n"
    "        loss, log_vars = self.parse_losses(losses)\n"
)
VALID: list[Example] = [
    _HEAD + _LOSS + "        optim_wrapper.update_params(loss)\n        return log_vars\n",
    _HEAD + _LOSS + "        self.update(loss, optim_wrapper)\n        return log_vars\n",
    # Its own optimizer: that is another matter.
    _HEAD + _LOSS + "        loss.backward()\n        self.optimizer.step()\n"
    "        return log_vars\n",
    # A model that learns without gradients.
    _HEAD + "        self.memory.append(self._run_forward(data, mode='tensor'))\n"
    "        return {}\n",
]
INVALID: list[Example] = [
    _HEAD + _LOSS + "        return log_vars\n",
    _HEAD + _LOSS + "        loss.backward()\n        return log_vars\n",
]
_UPDATES = {"step", "update_params", "train_step", "optim_wrapper", "optimizer", "minimize"}
_COMPUTES = {"parse_losses", "backward"}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each method that computes a loss and updates nothing."""
    for step in train_steps(code):
        argument = _optim_wrapper(step.function)
        if argument is None or _mentions(step.function, argument):
            continue
        attributes = {
            node.attr for node in ast.walk(step.function) if isinstance(node, ast.Attribute)
        }
        if attributes & _COMPUTES and not attributes & _UPDATES:
            yield step.view.found(
                step.function,
                f"{step.view.name}.train_step never uses {argument}: no weight is updated",
                f"Call {argument}.update_params(loss).",
            )


def _optim_wrapper(function: Function) -> str | None:
    # train_step(self, data, optim_wrapper), whatever the last is called.
    arguments = [*function.args.posonlyargs, *function.args.args]
    return arguments[2].arg if len(arguments) > 2 else None


def _mentions(function: Function, name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id in (name, "locals") for node in ast.walk(function)
    )
