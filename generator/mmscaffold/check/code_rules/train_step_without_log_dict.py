"""A model's ``train_step`` returns something other than a dict.

## Why it matters

What ``train_step`` returns goes to every hook as ``outputs``, and ``RuntimeInfoHook`` reads its
``items()`` for the log. mmengine's own returns the dict of scalars that ``parse_losses`` makes:
its second value, not the first.

## Symptoms

``AttributeError: 'Tensor' object has no attribute 'items'``, or ``'tuple' object``, after the
first iteration.

## Before -> after

Write ``loss, log_vars = self.parse_losses(losses)``, and ``return log_vars``.

## Fix safety

There is no automatic fix: code of the project may use the returned value.

## Source in mmengine

mmengine/hooks/runtime_info_hook.py, ``RuntimeInfoHook.after_train_iter``;
mmengine/model/base_model/base_model.py, ``BaseModel.train_step``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.train_steps import train_steps
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each method that certainly does not return a dict."""
    for step in train_steps(code):
        for value in step.values:
            what = step.instead_of_dict(value)
            if what is not None and not step.is_read_by_others:
                yield step.view.found(
                    value,
                    f"{step.view.name}.train_step returns {what}; hooks read the items of a dict",
                    "Return the dict of scalars for the log: parse_losses gives it.",
                )
                break


RULE = Rule(
    id="MMS230",
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
                    optim_wrapper.update_params(loss)
                    outputs = dict(loss=loss)
                    return outputs
            """,
        ),
        Valid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def train_step(self, data, optim_wrapper):
                    losses = self._run_forward(data, mode='loss')
                    loss, log_vars = self.parse_losses(losses)
                    optim_wrapper.update_params(loss)
                    if self.training:
                        loss = {'loss': loss}
                    return loss
            """,
        ),
        Valid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def train_step(self, data, optim_wrapper):
                    losses = self._run_forward(data, mode='loss')
                    loss, log_vars = self.parse_losses(losses)
                    optim_wrapper.update_params(loss)
                    return loss


            from mmengine.runner import EpochBasedTrainLoop


            class OwnLoop(EpochBasedTrainLoop):
                def run_iter(self, idx, data_batch):
                    loss = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
            """,
            because="A loop of the same project, which may know what it gets.",
        ),
        Valid(
            """
            from mmengine.model import BaseModel


            class ParsesItself(BaseModel):
                def parse_losses(self, losses):
                    return super().parse_losses(losses)[1]


            class OwnModel(ParsesItself):
                def train_step(self, data, optim_wrapper):
                    losses = self._run_forward(data, mode='loss')
                    log_vars = self.parse_losses(losses)
                    optim_wrapper.update_params(log_vars['loss'])
                    return log_vars
            """,
            because="What parse_losses of the project returns is no tuple.",
        ),
        Valid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def parse_losses(self, losses):
                    loss, log_vars = super().parse_losses(losses)
                    return log_vars, loss

                def train_step(self, data, optim_wrapper):
                    losses = self._run_forward(data, mode='loss')
                    log_vars, loss = self.parse_losses(losses)
                    optim_wrapper.update_params(loss)
                    return log_vars
            """,
            because="The dict comes first there.",
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
                    return loss
            """,
            at=Spot(9, 16, 20),
            message=(
                "OwnModel.train_step returns the loss, a tensor; hooks read the items of a dict"
            ),
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
                    optim_wrapper.update_params(loss)
                    return loss, log_vars
            """,
            at=Spot(9, 16, 30),
            message="OwnModel.train_step returns a tuple; hooks read the items of a dict",
        ),
        Invalid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def train_step(self, data, optim_wrapper):
                    losses = self._run_forward(data, mode='loss')
                    loss = sum(losses.values())
                    optim_wrapper.update_params(loss)
                    return loss
            """,
            at=Spot(9, 16, 20),
            message=(
                "OwnModel.train_step returns a number or tensor; hooks read the items of a dict"
            ),
        ),
        Invalid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def parse_losses(self, losses):
                    return super().parse_losses(losses)[1]

                def train_step(self, data, optim_wrapper):
                    losses = self._run_forward(data, mode='loss')
                    loss, log_vars = super().parse_losses(losses)
                    optim_wrapper.update_params(loss)
                    return loss
            """,
            at=Spot(12, 16, 20),
            message=(
                "OwnModel.train_step returns the loss, a tensor; hooks read the items of a dict"
            ),
        ),
    ],
)
