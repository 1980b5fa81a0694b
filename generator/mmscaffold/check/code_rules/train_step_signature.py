"""A model's ``train_step`` does not take ``optim_wrapper``.

## Why it matters

mmengine's train loops call ``model.train_step(data_batch, optim_wrapper=...)``. mmcv 1.x called
``model.train_step(data_batch, optimizer)``.

## Symptoms

``TypeError: train_step() got an unexpected keyword argument 'optim_wrapper'``, at the first batch.

## Before -> after

Write ``def train_step(self, data, optim_wrapper)``, and let the wrapper do the step:
``optim_wrapper.update_params(loss)``.

## Fix safety

There is no automatic fix for code. A wrapper is not an optimizer: it scales losses,
accumulates gradients and zeroes them.

## Source in mmengine

mmengine/runner/loops.py, ``run_iter``; mmengine/model/base_model/base_model.py, ``train_step``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import Code
from mmscaffold.check.code.train_steps import train_steps
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid

_WRAPPER = "optim_wrapper"


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each method that mmengine's loops cannot call."""
    for step in train_steps(code):
        given = step.function.args
        by_keyword = {one.arg for one in (*given.args, *given.kwonlyargs)}
        is_open = given.kwarg is not None or step.function.decorator_list
        if _WRAPPER in by_keyword or is_open or step.is_called_otherwise:
            continue
        yield step.view.found(
            step.function,
            f"mmengine calls {step.view.name}.train_step with {_WRAPPER}=..., which it does not "
            "take: a TypeError",
            "Write def train_step(self, data, optim_wrapper).",
        )


RULE = Rule(
    id="MMS250",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.model import BaseModel


            class MyModel(BaseModel):

                def train_step(self, data, optim_wrapper):
                    losses = self(**data, mode='loss')
                    loss, log = self.parse_losses(losses)
                    optim_wrapper.update_params(loss)
                    return log
            """,
        ),
        Valid(
            """
            from mmengine.model import BaseModel


            class MyModel(BaseModel):

                def train_step(self, *args, **kwargs):
                    return super().train_step(*args, **kwargs)
            """,
        ),
        Valid(
            """
            from mmengine.model import BaseModel
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    self.runner.model.train_step(data_batch, self.runner.optim_wrapper.optimizer)
                    self._iter += 1


            class MyModel(BaseModel):

                def train_step(self, data, optimizer):
                    loss, log = self.parse_losses(self(**data, mode='loss'))
                    loss.backward()
                    optimizer.step()
                    return log
            """,
            because="The loop beside it calls it that way.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.model import BaseModel


            class MyModel(BaseModel):

                def train_step(self, data, optimizer):
                    losses = self(**data, mode='loss')
                    loss, log = self.parse_losses(losses)
                    return log
            """,
            at=Spot(6, 5, 19),
            message=(
                "mmengine calls MyModel.train_step with optim_wrapper=..., which it does not "
                "take: a TypeError"
            ),
            after="""
            from mmengine.model import BaseModel


            class MyModel(BaseModel):

                def train_step(self, data, optim_wrapper):
                    losses = self(**data, mode='loss')
                    loss, log = self.parse_losses(losses)
                    optim_wrapper.update_params(loss)
                    return log
            """,
        ),
        Invalid(
            """
            from mmengine.model import BaseModel
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    self.runner.call_hook(
                        'before_train_iter', batch_idx=idx, data_batch=data_batch
                    )
                    outputs = self.runner.model.train_step(
                        data_batch, optim_wrapper=self.runner.optim_wrapper
                    )
                    self.runner.call_hook(
                        'after_train_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs
                    )
                    self._iter += 1


            class MyModel(BaseModel):

                def train_step(self, data, optimizer):
                    losses = self(**data, mode='loss')
                    loss, log = self.parse_losses(losses)
                    return log
            """,
            at=Spot(22, 5, 19),
            message=(
                "mmengine calls MyModel.train_step with optim_wrapper=..., which it does not "
                "take: a TypeError"
            ),
            because="The loop beside it calls it as mmengine's do.",
        ),
    ],
)
