"""A model's ``forward`` takes no ``mode``.

``train_step``, ``val_step`` and ``test_step`` of ``BaseModel`` call ``self(**data, mode=...)``
with ``loss`` or ``predict`` (mmengine/model/base_model/base_model.py). A ``forward`` in the
manner of plain torch, or of mmcv 1.x with ``return_loss``, does not take that argument.

What one sees: ``TypeError: OwnModel.forward() got an unexpected keyword argument 'mode'``, in
the first iteration.

How to mend it: ``def forward(self, inputs, data_samples=None, mode='tensor')``, returning a
dict of losses for ``'loss'`` and predictions for ``'predict'``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import BASE_MODEL, Code
from mmscaffold.check.code.runner_code import is_stub
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS244"
SEVERITY = Severity.WARNING
_HEAD = "from mmengine.model import BaseModel\n\n\nclass OwnModel(BaseModel):\n"
VALID: list[Example] = [
    _HEAD
    + "    def forward(self, inputs, data_samples=None, mode='tensor'):\n        return {}\n",
    _HEAD + "    def forward(self, *args, **kwargs):\n        return {}\n",
    # A model that calls it itself.
    _HEAD + "    def forward(self, inputs):\n        return inputs\n\n"
    "    def train_step(self, data, optim_wrapper):\n        optim_wrapper.zero_grad()\n"
    "        return {'loss': self(data)}\n",
    # A part of a model.
    _HEAD + "    def forward(self, features):\n        return features\n",
    "from torch import nn\n\n\nclass Layer(nn.Module):\n    def forward(self, inputs):\n"
    "        return inputs\n",
]
INVALID: list[Example] = [
    _HEAD + "    def forward(self, inputs, data_samples=None):\n        return {}\n",
    _HEAD + "    def forward(self, img, img_metas, return_loss=True):\n        return {}\n",
]
# What a whole model is given; a part of a model, too, may derive from BaseModel.
_OF_WHOLE_MODELS = {"data_samples", "return_loss", "img_metas", "targets", "labels", "gt_label"}
_OF_WHOLE_MODELS |= {"gt_bboxes", "gt_labels", "batch_data_samples"}
_CALLERS = ("train_step", "val_step", "test_step", "_run_forward", "__call__")


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
        if any(view.method(name) is not None for name in _CALLERS):
            continue
        # Classes of mmdet and others between may call forward in their own way.
        if all(one == BASE_MODEL or not view.is_upstream(one) for one in view.lineage[1:2]):
            yield view.found(
                function,
                f"{view.name}.forward takes no `mode`, with which BaseModel calls it",
                "Write def forward(self, inputs, data_samples=None, mode='tensor').",
            )
