from __future__ import annotations

import pytest
from mmscaffold.check.config_view import class_name, full_name, is_number
from mmscaffold.config.evaluate.values import LazyName
from mmscaffold.facts.units import Unit
from support.views import view


@pytest.mark.parametrize(
    ("loop", "unit"),
    [
        ("dict(type='Own', max_epochs=3)", Unit.EPOCHS),
        ("dict(by_epoch=False)", Unit.ITERATIONS),
        ("dict(type='mmengine.IterBasedTrainLoop')", Unit.ITERATIONS),
        ("dict(type='Own')", None),
        ("None", None),
    ],
)
def test_the_unit_of_the_loop(loop, unit):
    assert view(f"train_cfg = {loop}").unit is unit


@pytest.mark.parametrize(
    ("loop", "name"),
    [
        ("dict(type='EpochBasedTrainLoop')", "EpochBasedTrainLoop"),
        ("dict(type='mmengine.IterBasedTrainLoop')", "IterBasedTrainLoop"),
        ("dict(by_epoch=True)", "EpochBasedTrainLoop"),
        ("dict(by_epoch=False)", "IterBasedTrainLoop"),
        ("dict(type='Own', by_epoch=True)", None),
        ("dict(max_epochs=3)", None),
        ("None", None),
    ],
)
def test_the_loop_of_mmengine_that_it_uses(loop, name):
    found = view(f"train_cfg = {loop}").upstream_loop
    assert (found and found.name) == name


def test_known_hooks_come_with_what_is_known_of_them():
    config = view("custom_hooks = [dict(type='OwnHook'), dict(type='mmdet.PipelineSwitchHook')]")
    [(path, _, row)] = config.known_hooks
    assert (path, row.name) == (("custom_hooks", 1), "PipelineSwitchHook")


def test_a_finding_lies_at_the_key_or_at_the_nearest_around_it():
    config = view("model = dict(\n    a=[1, sorted([2, 1])])")
    assert config.found(("model", "a", 1, 0), "m", "h").place.line == 2
    assert config.found(("model", "b"), "m", "h").place.line == 1


def test_the_place_is_where_the_value_was_written():
    config = view("_base_ = './base.py'\nx = 1", base="\n\ntrain_cfg = dict(max_epochs=3)")
    place = config.found(("train_cfg", "max_epochs"), "m", "h").place
    assert (place.path.name, place.line, place.column) == ("base.py", 3, 29)


def test_values_that_cannot_be_known_are_not_there():
    assert view("x = open('a')").get("x", "nothing") == "nothing"


@pytest.mark.parametrize(
    ("text", "name", "runnable"),
    [
        ("model = dict()\ntest_dataloader = dict()", "config.py", True),
        ("model = dict()", "config.py", False),
        ("train_dataloader = dict()", "config.py", False),
        ("model = dict()\ntest_dataloader = dict()", "_base_/config.py", False),
        ("model = dict()\ntest_dataloader = dict()", "_base_retinanet.py", False),
        ("_base_ = 'mmhuman3d::a/a.py'\nmodel = dict()\ntest_dataloader = dict()", "c.py", False),
    ],
)
def test_parts_are_not_runnable(text, name, runnable):
    assert view(text, name).is_runnable is runnable


def test_the_scope():
    assert view("x = 1").scope == "mmengine"
    assert view("default_scope = 'mmpose'").scope == "mmpose"
    assert view("default_scope = None").scope is None
    assert view("_base_ = 'mmhuman3d::a/a.py'").scope is None


@pytest.mark.parametrize(
    ("imports", "modules"),
    [
        ("dict(imports=['a.b', 'c'])", ("a.b", "c")),
        ("dict(imports='a')", ("a",)),
        ("dict(imports=[])", None),
        ("dict(imports=[1])", None),
        ("'a'", None),
    ],
)
def test_custom_imports(imports, modules):
    config = view(f"custom_imports = {imports}")
    assert config.custom_imports == modules
    assert (config.imported_code is None) == (modules is None)


def test_configs_of_2x():
    assert view("total_epochs = 12\nlr_config = dict()").is_legacy
    assert not view("optimizer = dict()").is_legacy


def test_names_of_classes():
    assert class_name("mmdet.RetinaNet") == class_name(LazyName("mmdet.models.RetinaNet"))
    assert full_name(LazyName("mmdet.models.RetinaNet")) == "mmdet.models.RetinaNet"
    assert class_name(3) is full_name(None) is None


def test_true_is_no_number():
    assert is_number(0)
    assert not is_number(True)
    assert not is_number(1.0)
