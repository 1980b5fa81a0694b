"""The layers that mmdet builds of dicts without a type take what their rows say."""

from __future__ import annotations

import importlib
import inspect
import re

import pytest
from mmscaffold.facts.layers import BUILT_OF_DICTS, Layer

pytest.importorskip("mmdet")

# What the constructors take besides: of torch, and under older names.
_OF_TORCH = {"bias", "add_bias_kv", "add_zero_attn", "kdim", "vdim", "device", "dtype"}
_BESIDES = {
    "MultiheadAttention": _OF_TORCH | {"dropout"},
    "FFN": {"dropout", "add_residual"},
}


def _arguments(cls: type) -> set[str]:
    names: set[str] = set()
    for one in cls.__mro__:
        if "__init__" not in vars(one):
            continue
        taken = inspect.signature(one.__init__).parameters.values()
        names |= {x.name for x in taken if x.kind in (x.POSITIONAL_OR_KEYWORD, x.KEYWORD_ONLY)}
        if not any(x.kind is x.VAR_KEYWORD for x in taken):
            break
    return names - {"self"}


def _held(module: object, name: str) -> type:
    """A class that a module, or one from which its classes come, has by a name."""
    if hasattr(module, name):
        return getattr(module, name)
    for one in vars(module).values():
        if inspect.isclass(one) and one.__module__.startswith("mmdet."):
            home = importlib.import_module(one.__module__)
            if hasattr(home, name):
                return getattr(home, name)
    raise AssertionError(name)


def _assert_built(layer: Layer, home: object) -> None:
    cls = _held(home, layer.name)
    assert layer.arguments == _arguments(cls) | _BESIDES.get(layer.name, set())
    source = "".join(
        inspect.getsource(one) for one in cls.__mro__ if one.__module__[:5] == "mmdet"
    )
    for argument, inner in layer.built.items():
        assert re.search(rf"{inner.name}\(\s*\*\*self\.{argument}\)", source), (cls, argument)
        _assert_built(inner, importlib.import_module(cls.__module__))


@pytest.mark.parametrize("dotted", BUILT_OF_DICTS)
def test_each_is_built_of_its_dict_and_takes_no_more(dotted):
    module, _, name = dotted.rpartition(".")
    home = importlib.import_module(module)
    lineage = [one for one in getattr(home, name).__mro__ if one.__module__[:5] == "mmdet"]
    source = "".join(inspect.getsource(one) for one in lineage)
    for argument, layer in BUILT_OF_DICTS[dotted].items():
        holder = next(one for one in lineage if hasattr(inspect.getmodule(one), layer.name))
        assert re.search(rf"{layer.name}\(\s*\*\*(self\.)?{argument}(_cfg)?\)", source), argument
        _assert_built(layer, inspect.getmodule(holder))
