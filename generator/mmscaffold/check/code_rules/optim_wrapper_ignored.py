"""A model's ``train_step`` does not use the optimizer wrapper that it gets.

## Why it matters

``optim_wrapper.update_params(loss)`` does the backward pass, the step of the optimizer and the
reset of gradients; accumulation, clipping and mixed precision happen there, too. A
``train_step`` that never touches its second argument leaves the weights alone, while loss,
learning rate and epochs are still logged.

## Symptoms

The weights at the end are the same as at the beginning, and the loss on the same data never falls.

## Before -> after

Call ``optim_wrapper.update_params(loss)``, with the forward pass below ``with
optim_wrapper.optim_context(self):``; or call ``super().train_step(data, optim_wrapper)``.

## Fix safety

There is no automatic fix: a model may update its weights in its own way. A ``loss.backward()``
that is there already has to go, since ``update_params`` calls it.

## Source in mmengine

mmengine/optim/optimizer/optimizer_wrapper.py, ``OptimWrapper.update_params``;
mmengine/model/base_model/base_model.py, ``BaseModel.train_step``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.syntax import Function
from mmscaffold.check.code.train_steps import train_steps
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid

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


RULE = Rule(
    id="MMS232",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def train_step(self, data, optim_wrapper):
                    losses = self._run_forward(data, mode='loss')
                    loss, log_vars = self.parse_losses(losses)
                    optim_wrapper.update_params(loss)
                    return log_vars
            """,
        ),
        Valid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def train_step(self, data, optim_wrapper):
                    losses = self._run_forward(data, mode='loss')
                    loss, log_vars = self.parse_losses(losses)
                    self.update(loss, optim_wrapper)
                    return log_vars
            """,
        ),
        Valid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def train_step(self, data, optim_wrapper):
                    losses = self._run_forward(data, mode='loss')
                    loss, log_vars = self.parse_losses(losses)
                    loss.backward()
                    self.optimizer.step()
                    return log_vars
            """,
            because="It has its own optimizer, which is another matter.",
        ),
        Valid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def train_step(self, data, optim_wrapper):
                    self.memory.append(self._run_forward(data, mode='tensor'))
                    return {}
            """,
            because="A model that learns without gradients.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def train_step(self, data, optim_wrapper):
                    losses = self._run_forward(data, mode='loss')
                    loss, log_vars = self.parse_losses(losses)
                    return log_vars
            """,
            at=Spot(5, 5, 19),
            message="OwnModel.train_step never uses optim_wrapper: no weight is updated",
            after="""
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def train_step(self, data, optim_wrapper):
                    losses = self._run_forward(data, mode='loss')
                    loss, log_vars = self.parse_losses(losses)
                    optim_wrapper.update_params(loss)
                    return log_vars
            """,
        ),
        Invalid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def train_step(self, data, optim_wrapper):
                    losses = self._run_forward(data, mode='loss')
                    loss, log_vars = self.parse_losses(losses)
                    loss.backward()
                    return log_vars
            """,
            at=Spot(5, 5, 19),
            message="OwnModel.train_step never uses optim_wrapper: no weight is updated",
        ),
    ],
)
