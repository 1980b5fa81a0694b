from __future__ import annotations

import pytest
from mmscaffold.check.config_types import (
    known_prefix,
    missing_attribute,
    unknown_types,
)
from mmscaffold.facts.packages import is_openmmlab
from support.views import view

EVERYWHERE = (
    "runner_type = 'A'\nmodel = dict(type='B')\ntrain_cfg = dict(type='C')\n"
    "val_cfg = dict(type='D')\ncustom_hooks = [dict(type='E')]\n"
    "param_scheduler = dict(type='F')\nlog_processor = dict(type='G')"
)


def test_every_place_is_looked_at():
    assert "".join(one.name for one in unknown_types(view(EVERYWHERE))) == "ABCDEFG"


@pytest.mark.parametrize("scope", ["'mmpose'", "None"])
def test_other_packages_are_not_known(scope):
    assert list(unknown_types(view(f"{EVERYWHERE}\ndefault_scope = {scope}"))) == []


@pytest.mark.parametrize(
    "name", ["RetinaNet", "mmdet.RetinaNet", "mmpretrain.ImageClassifier", "own.models.Own"]
)
def test_known_names_and_names_elsewhere_are_passed_over(name):
    assert list(unknown_types(view(f"model = dict(type='{name}')"))) == []


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("class Own: ...", None),
        ("from elsewhere import Own", None),
        ("from elsewhere import *", None),
        ("Own = make()", None),
        ("def __getattr__(name): ...", None),
        ("class Other: ...", "Own"),
        ("class (", None),
    ],
)
def test_whether_a_module_has_a_class(code, missing, tmp_path):
    (tmp_path / "own_models.py").write_text(code)
    assert missing_attribute("own_models.Own", tmp_path) == missing


def test_a_module_missing_from_a_package_that_is_there(tmp_path):
    (tmp_path / "own_code").mkdir()
    (tmp_path / "own_code" / "__init__.py").write_text("")
    assert missing_attribute("own_code.loops.Own", tmp_path) == "own_code.loops"
    assert known_prefix("own_code.loops", tmp_path) == "own_code"
    assert missing_attribute("nowhere.loops.Own", tmp_path) is None
    assert missing_attribute("mmengine.runner.Nothing", tmp_path) is None


def test_packages_of_openmmlab():
    assert is_openmmlab("mmpretrain.models")
    assert not is_openmmlab("mmpretrained.models")


@pytest.mark.parametrize(
    ("default", "written", "found"),
    [
        # What is written counts, in both directions; it holds for what is built within, too.
        ("'mmdet'", "model = dict(type='Foo', _scope_='mmpose')", []),
        ("'mmpose'", "model = dict(type='Foo', _scope_='mmdet')", ["Foo"]),
        ("'mine'", "custom_hooks = [dict(type='Foo', _scope_='mmengine')]", ["Foo"]),
        ("'mine'", "custom_hooks = [dict(type='NumClassCheckHook', _scope_='mmdet')]", []),
        ("'mmdet'", "custom_hooks = [dict(type='Foo', _scope_=None)]", ["Foo"]),
        ("'mmdet'", "train_cfg = dict(type='Foo', _scope_=3)", []),
        ("'mine'", "custom_hooks = [dict(type='Foo')]", []),
    ],
)
def test_a_scope_written_in_a_dict_counts(default, written, found):
    config = view(f"default_scope = {default}\n{written}")
    assert [one.name for one in unknown_types(config)] == found
