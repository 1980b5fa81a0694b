"""A model's ``forward`` does not take ``mode``.

## Why it matters

``train_step``, ``val_step`` and ``test_step`` of ``BaseModel`` call ``self(**data, mode=...)``
with ``loss`` or ``predict``. A ``forward`` in the style of plain torch, or of mmcv 1.x with
``return_loss``, does not take that argument.

## Symptoms

``TypeError: OwnModel.forward() got an unexpected keyword argument 'mode'``, in the first
iteration.

## Before -> after

Write ``def forward(self, inputs, data_samples=None, mode='tensor')``, returning a dict of losses
for ``'loss'`` and predictions for ``'predict'``.

## Fix safety

There is no automatic fix: the method has to return what each mode asks for.

## Source in mmengine

mmengine/model/base_model/base_model.py, ``BaseModel._run_forward``, which passes ``mode``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import ClassView, Code
from mmscaffold.check.code.functions import is_stub
from mmscaffold.check.code.syntax import calls_super
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import BASE_MODEL
from mmscaffold.facts.runner import MODES

# What a whole model is given; a part of a model, too, may derive from BaseModel.
_OF_WHOLE_MODELS = {"data_samples", "return_loss", "img_metas", "targets", "labels", "gt_label"}
_OF_WHOLE_MODELS |= {"gt_bboxes", "gt_labels", "batch_data_samples"}
_CALLERS = (*(f"{mode}_step" for mode in MODES), "_run_forward", "__call__")


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each ``forward`` that ``BaseModel`` cannot call."""
    for view in code.of_kind(BASE_MODEL):
        function = view.own_methods.get("forward")
        if function is None or is_stub(function) or function.decorator_list:
            continue
        given = function.args
        names = {one.arg for one in (*given.args, *given.kwonlyargs)}
        if not names & _OF_WHOLE_MODELS:
            continue
        if "mode" in names or given.kwarg is not None or view.is_abstract:
            continue
        if any(_calls_otherwise(view, name) for name in _CALLERS):
            continue
        # Classes of mmdet and others between may call forward in their own way.
        if all(one == BASE_MODEL or not view.is_upstream(one) for one in view.lineage[1:2]):
            yield view.found(
                function,
                f"{view.name}.forward does not take `mode`, which BaseModel passes to it",
                "Write def forward(self, inputs, data_samples=None, mode='tensor').",
            )


def _calls_otherwise(view: ClassView, name: str) -> bool:
    """Whether a model has a caller of ``forward`` that is not, in the end, mmengine's."""
    found = view.method(name)
    return found is not None and calls_super(found[1], name) is None


RULE = Rule(
    id="MMS244",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def forward(self, inputs, data_samples=None, mode='tensor'):
                    return {}
            """,
        ),
        Valid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def forward(self, *args, **kwargs):
                    return {}
            """,
        ),
        Valid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def forward(self, inputs):
                    return inputs

                def train_step(self, data, optim_wrapper):
                    optim_wrapper.zero_grad()
                    return {'loss': self(data)}
            """,
            because="A model that calls it itself.",
        ),
        Valid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def forward(self, features):
                    return features
            """,
            because="A part of a model.",
        ),
        Valid(
            """
            from torch import nn


            class Layer(nn.Module):
                def forward(self, inputs):
                    return inputs
            """,
            because="A plain torch module.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def forward(self, inputs, data_samples=None):
                    return {}
            """,
            at=Spot(5, 5, 16),
            message="OwnModel.forward does not take `mode`, which BaseModel passes to it",
            after="""
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def forward(self, inputs, data_samples=None, mode='tensor'):
                    return {}
            """,
        ),
        Invalid(
            """
            from mmengine.model import BaseModel


            class OwnModel(BaseModel):
                def forward(self, img, img_metas, return_loss=True):
                    return {}
            """,
            at=Spot(5, 5, 16),
            message="OwnModel.forward does not take `mode`, which BaseModel passes to it",
        ),
    ],
)
