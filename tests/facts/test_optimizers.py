from __future__ import annotations

import inspect

import pytest
import torch
from mmscaffold.facts.optimizers import ARGUMENTS


@pytest.mark.parametrize("name", ARGUMENTS)
def test_torch_takes_no_other_arguments(name):
    taken = inspect.signature(getattr(torch.optim, name).__init__).parameters
    assert taken.keys() - {"self"} <= ARGUMENTS[name]
