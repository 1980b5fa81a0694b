"""Sound models in unusual forms."""

from __future__ import annotations

import torch
from mmengine.model import BaseModel
from mmengine.registry import MODELS
from torch import nn


class _Layered(BaseModel):
    """What all of them have."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.layer = nn.Linear(2, 1)

    def out(self, inputs):
        return self.layer(torch.stack(list(inputs)))

    def forward(self, inputs, data_samples=None, mode="tensor"):
        output = self.out(inputs)
        return {"loss": output.square().mean()} if mode == "loss" else [output]


@MODELS.register_module()
class TakesKeywordsOnly(_Layered):
    def forward(self, inputs, data_samples=None, **kwargs):
        return super().forward(inputs, data_samples, kwargs.get("mode", "tensor"))


@MODELS.register_module()
class ReturnsTwoLosses(_Layered):
    def forward(self, inputs, data_samples=None, mode="tensor"):
        output = self.out(inputs)
        if mode == "loss":
            return {"loss_a": output.abs().mean(), "loss_b": [output.square().mean()]}
        return [output]


@MODELS.register_module()
class StepsItself(_Layered):
    def train_step(self, data, optim_wrapper):
        with optim_wrapper.optim_context(self):
            data = self.data_preprocessor(data, True)
            losses = self._run_forward(data, mode="loss")
        parsed, log_vars = self.parse_losses(losses)
        optim_wrapper.update_params(parsed)
        return log_vars


@MODELS.register_module()
class StepsByParts(_Layered):
    def train_step(self, data, optim_wrapper):
        losses = self(**self.data_preprocessor(data, True), mode="loss")
        total = sum(losses.values())
        optim_wrapper.backward(total)
        optim_wrapper.step()
        optim_wrapper.zero_grad()
        return {"loss": total.detach()}


@MODELS.register_module()
class StepsAndAdds(_Layered):
    def train_step(self, data, optim_wrapper):
        outputs = super().train_step(data, optim_wrapper)
        outputs["own"] = torch.tensor(1.0)
        return outputs


@MODELS.register_module()
class DispatchesByMode(_Layered):
    def forward(self, inputs, data_samples=None, mode="tensor"):
        return getattr(self, f"_{mode}")(inputs)

    def _loss(self, inputs):
        return {"loss": self.out(inputs).square().mean()}

    def _predict(self, inputs):
        return [self.out(inputs)]

    _tensor = _predict


@MODELS.register_module()
class FreezesItself(_Layered):
    def train(self, mode=True):
        super().train(mode)
        self.layer.eval()
        return self


@MODELS.register_module()
class StepsTwice(_Layered):
    def train_step(self, data, optim_wrapper):
        logs = {}
        for name in ("first", "second"):
            loss, found = self.parse_losses(self(**data, mode="loss"))
            optim_wrapper.update_params(loss)
            logs.update({f"{name}_{key}": value for key, value in found.items()})
        return {"loss": logs["second_loss"], **logs}


@MODELS.register_module()
class HoldsItsPart(_Layered):
    def __init__(self):
        super().__init__()
        self.part = _Layered()

    def forward(self, inputs, data_samples=None, mode="tensor"):
        return self.part(inputs, data_samples, mode=mode)


@MODELS.register_module()
class ValidatesItsOwnWay(_Layered):
    @torch.no_grad()
    def val_step(self, data):
        return self._run_forward(self.data_preprocessor(data, False), mode="predict")


class _LossMixin:
    def loss_of(self, output):
        return {"loss": output.square().mean()}


@MODELS.register_module()
class WithALossMixin(_LossMixin, _Layered):
    def forward(self, inputs, data_samples=None, mode="tensor"):
        output = self.out(inputs)
        return self.loss_of(output) if mode == "loss" else [output]
