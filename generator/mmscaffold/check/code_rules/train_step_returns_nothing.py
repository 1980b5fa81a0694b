"""A model's ``train_step`` returns nothing.

## Why it matters

What ``train_step`` returns is all that the log knows about the losses: ``RuntimeInfoHook`` copies
the dict to the message hub. It lets ``None`` pass, so nothing fails, and training goes
unobserved.

## Symptoms

Log lines have a learning rate and a time, but no loss;
``vis_data/scalars.json`` has none either.

## Before -> after

Return the dict of scalars, the second value of ``parse_losses``.

## Fix safety

There is no automatic fix: mmscaffold does not edit classes. Returning the dict is safe: only
the log reads it.

## Source in mmengine

mmengine/hooks/runtime_info_hook.py, ``RuntimeInfoHook.after_train_iter``, which lets
``None`` pass.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.train_steps import train_steps
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each method that returns no value."""
    for step in train_steps(code):
        if not step.values and not step.is_read_by_others:
            yield step.view.found(
                step.function,
                f"{step.view.name}.train_step returns nothing, so no loss reaches the log",
                "Return the dict of scalars that parse_losses gives.",
            )


RULE = Rule(
    id="MMS231",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def train_step(self, data, optim_wrapper):
                    return super().train_step(data, optim_wrapper)
            """,
        ),
        Valid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def train_step(self, data, optim_wrapper):
                    raise NotImplementedError
            """,
        ),
        Valid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def train_step(self, data, optim_wrapper):
                    pass
            """,
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
                    optim_wrapper.update_params(loss)
            """,
            at=Spot(5, 5, 19),
            message="OwnModel.train_step returns nothing, so no loss reaches the log",
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
                    super().train_step(data, optim_wrapper)
                    self.steps += 1
                    return
            """,
            at=Spot(5, 5, 19),
            message="OwnModel.train_step returns nothing, so no loss reaches the log",
        ),
    ],
)
