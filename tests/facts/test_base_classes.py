from __future__ import annotations

import ast
import inspect
import textwrap
from importlib import import_module

import pytest
from mmscaffold.facts import base_classes
from mmscaffold.facts.base_classes import (
    ASSIGNED_BY_CONSTRUCTOR,
    BASE_LOOP,
    REGISTRY_OF_BASE,
    RUNNER_BASES,
    TRAIN_LOOP_BASES,
    is_abstract,
)
from mmscaffold.facts.classes import upstream
from mmscaffold.facts.runner import COUNTERS, REGISTRIES

DOTTED = {
    name: value
    for name, value in vars(base_classes).items()
    if name.isupper() and isinstance(value, str) and value.startswith("mmengine.")
    if not name.startswith("_")
}


def the_class(dotted: str) -> type:
    module, _, name = dotted.rpartition(".")
    return getattr(import_module(module), name)


@pytest.mark.parametrize("dotted", DOTTED.values(), ids=list(DOTTED))
def test_each_is_defined_where_its_name_says(dotted):
    found = the_class(dotted)
    assert f"{found.__module__}.{found.__qualname__}" == dotted
    assert upstream().knows(dotted)


def test_the_bases_are_those_of_mmengine():
    assert len(DOTTED) == 9
    assert all(issubclass(the_class(one), the_class(BASE_LOOP)) for one in TRAIN_LOOP_BASES)
    assert not issubclass(the_class(RUNNER_BASES[1]), the_class(RUNNER_BASES[0]))
    assert set(REGISTRY_OF_BASE.values()) <= REGISTRIES


@pytest.mark.parametrize("dotted", ASSIGNED_BY_CONSTRUCTOR)
def test_the_constructors_assign_this_and_the_counters(dotted):
    tree = ast.parse(textwrap.dedent(inspect.getsource(the_class(dotted).__init__)))
    assigned = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    counters = set(COUNTERS) if dotted in TRAIN_LOOP_BASES else set()
    assert {*ASSIGNED_BY_CONSTRUCTOR[dotted], *counters} <= assigned


def test_what_is_a_mere_base():
    assert all(map(is_abstract, ("Hook", "BaseLoop", "BaseModel", "BaseModule")))
    assert not any(map(is_abstract, ("CheckpointHook", "Runner", "ValLoop")))
