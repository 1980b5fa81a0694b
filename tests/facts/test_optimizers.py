from __future__ import annotations

import inspect
import re

import pytest
import torch
from mmscaffold.facts.optimizers import (
    ARGUMENTS,
    CLIPPING,
    CLIPPING_WRAPPERS,
    CUSTOM_KEYS,
    GROUPING_CONSTRUCTOR,
    PARAMWISE_KEYS,
)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_torch_takes_no_other_arguments(name):
    taken = inspect.signature(getattr(torch.optim, name).__init__).parameters
    assert taken.keys() - {"self"} <= ARGUMENTS[name]


def test_the_constructor_of_mmengine_reads_no_other_keys():
    import mmengine.optim

    source = inspect.getsource(getattr(mmengine.optim, GROUPING_CONSTRUCTOR).add_params)
    assert set(re.findall(r"paramwise_cfg\.get\('(\w+)'", source)) == PARAMWISE_KEYS
    assert set(re.findall(r"custom_keys\[key\]\.get\('(\w+)'", source)) == CUSTOM_KEYS


@pytest.mark.parametrize("kind", CLIPPING)
def test_torch_clips_with_no_other_arguments(kind):
    import mmengine.optim

    name, taken = CLIPPING[kind]
    function = getattr(torch.nn.utils, name)
    assert inspect.signature(function).parameters.keys() - {"parameters"} <= taken
    parameter = torch.nn.Parameter(torch.ones(1))
    parameter.grad = torch.ones(1)
    wrapper = mmengine.optim.OptimWrapper(
        torch.optim.SGD([parameter], lr=0.1), clip_grad={"type": kind, "max_norms": 1}
    )
    with pytest.raises(TypeError, match="max_norms"):
        wrapper.step()


def test_those_wrappers_clip_alike():
    import mmengine.optim

    clip = mmengine.optim.OptimWrapper._clip_grad
    for name in CLIPPING_WRAPPERS:
        assert getattr(mmengine.optim, name)._clip_grad is clip
