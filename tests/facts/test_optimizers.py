from __future__ import annotations

import inspect

import pytest
import torch
from mmscaffold.facts.optimizers import REFUSED_ARGUMENTS


@pytest.mark.parametrize("name", REFUSED_ARGUMENTS)
def test_torch_takes_none_of_them(name):
    taken = inspect.signature(getattr(torch.optim, name).__init__).parameters
    assert not REFUSED_ARGUMENTS[name] & taken.keys()
