from __future__ import annotations

import inspect

import mmengine.hooks
import pytest
from mmengine.runner import Runner
from mmscaffold.facts.classes import upstream
from mmscaffold.facts.hooks import DEFAULT_HOOKS, HOOKS, hook_row
from mmscaffold.facts.packages import PACKAGES, TABLED_SCOPES
from mmscaffold.facts.steps import Relation
from mmscaffold.facts.units import Unit

KNOWN = [
    pytest.param(row, id=f"{row.package}.{row.name}")
    for row in HOOKS
    if row.package in TABLED_SCOPES
]


@pytest.mark.parametrize("row", KNOWN)
def test_the_classes_of_mmengine_and_mmdet_have_the_arguments(row):
    dotted = upstream().registered("HOOKS", f"{row.package}.{row.name}")
    assert dotted is not None
    assert dotted.startswith(f"{row.package}.")
    taken = upstream().constructor(dotted).arguments
    assert {step.argument for step in row.steps} <= taken
    assert row.flag is None or row.flag in taken


@pytest.mark.parametrize("row", [row for row in HOOKS if row.package == "mmengine"])
def test_the_defaults_are_mmengine_s(row):
    parameters = inspect.signature(getattr(mmengine.hooks, row.name)).parameters
    for step in row.steps:
        default = parameters[step.argument].default
        if step.default is not None:
            assert step.default == default
    if row.flag is not None:
        assert parameters[row.flag].default is True


def test_the_default_hooks_are_those_of_the_runner():
    runner = Runner.__new__(Runner)
    registered = []
    runner.register_hook = registered.append
    runner.register_default_hooks()
    assert registered == list(DEFAULT_HOOKS.values())


def test_every_package_is_known_and_no_hook_has_two_rows():
    assert {row.package for row in HOOKS} <= set(PACKAGES)
    names = [(row.package, row.name) for row in HOOKS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("name", "scope", "package"),
    [
        ("YOLOXModeSwitchHook", None, "mmdet"),
        ("YOLOXModeSwitchHook", "mmyolo", "mmyolo"),
        ("mmyolo.YOLOXModeSwitchHook", "mmdet", "mmyolo"),
        ("mmdet.YOLOXModeSwitchHook", "mmyolo", "mmdet"),
        ("mmyolo.engine.hooks.YOLOXModeSwitchHook", None, "mmyolo"),
        # One that a package takes over from another.
        ("EMAHook", "mmpretrain", "mmengine"),
    ],
)
def test_the_scope_decides_between_hooks_of_one_name(name, scope, package):
    assert hook_row(name, scope).package == package


def test_a_hook_that_is_not_known_has_no_row():
    assert hook_row("OwnHook") is None


def test_a_row_says_no_more_than_it_must():
    for row in HOOKS:
        for step in row.steps:
            assert bool(step.unmoved) is (step.relation is Relation.FIXED)
            assert not (step.switches and step.unit is not Unit.EPOCHS)
            if step.counterpart is not None:
                (other,) = [one for one in row.steps if one.argument == step.counterpart]
                assert other.counterpart == step.argument
                assert {other.unit, step.unit} == set(Unit)
