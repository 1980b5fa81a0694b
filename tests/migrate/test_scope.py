"""Configs in which ``_scope_`` switches the registry, by hand or through a package's base."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from mmscaffold.config import resolve
from mmscaffold.migrate import plan_migration
from support.oracle import mmengine_reads, quiet_mmengine
from support.strict import same

HOME = {"MyRetinaNet": "my_project.models", "MyEpochBasedTrainLoop": "my_project.engine"}


SCHEDULE = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"


def _migrated(path, class_map, packages=None):
    plan = plan_migration([path], class_map).files[0]
    path.write_bytes(plan.after)
    with quiet_mmengine(packages):
        config = mmengine_reads(path)
    assert same(resolve(path).to_dict(), config)
    return plan, config


@pytest.mark.parametrize(
    ("default", "scope", "expected"),
    [
        ("'mmdet'", "'mmdet'", "MyRetinaNet"),
        ("'mine'", "'mine'", "MyRetinaNet"),
        # In mmdet's registry the class of a project with a scope of its own is not found.
        ("'mine'", "'mmdet'", "my_project.models.MyRetinaNet"),
        ("'mmpose'", "'mmdet'", "my_project.models.MyRetinaNet"),
        # Another package's class of the same name.
        ("'mmdet'", "'mmpose'", "RetinaNet"),
        ("'mmdet'", "None", "MyRetinaNet"),
    ],
)
def test_a_class_is_named_so_that_it_is_found(tree, class_map, default, scope, expected):
    text = (
        f"default_scope = {default}\nmodel = dict(type='RetinaNet', _scope_={scope})\n" + SCHEDULE
    )
    path = tree(a=text) / "a.py"
    _, config = _migrated(path, replace(class_map, modules=HOME))
    assert config["model"]["type"] == expected
    assert str(config["model"]["_scope_"]) == scope.strip("'")


def test_what_is_built_within_is_found_in_the_same_scope(tree, class_map):
    text = (
        "default_scope = 'mine'\n"
        "model = dict(type='Wrapper', _scope_='mmpose', inner=dict(type='RetinaNet'),\n"
        "             other=dict(type='RetinaNet', _scope_='mmdet'))\n" + SCHEDULE
    )
    _, config = _migrated(tree(a=text) / "a.py", replace(class_map, modules=HOME))
    assert config["model"]["inner"]["type"] == "RetinaNet"
    assert config["model"]["other"]["type"] == "my_project.models.MyRetinaNet"


def test_a_map_may_name_the_class_of_another_scope(tree, class_map):
    mapped = replace(class_map, classes={**class_map.classes, "mmpose.RetinaNet": "PoseNet"})
    text = "model = dict(type='RetinaNet', _scope_='mmpose')\n" + SCHEDULE
    _, config = _migrated(tree(a=text) / "a.py", mapped)
    assert config["model"]["type"] == "PoseNet"


@pytest.mark.parametrize("default", ["mine", "mmdet"])
def test_over_a_base_of_an_installed_package(tree, class_map, default, mmdet_configs, monkeypatch):
    packages = mmdet_configs.parents[2]
    monkeypatch.setattr(sys, "path", [str(packages), *sys.path])
    text = (
        "_base_ = 'mmdet::retinanet/retinanet_r50_fpn_1x_coco.py'\n"
        f"default_scope = {default!r}\nmodel = dict(bbox_head=dict(num_classes=3))\n"
    )
    path = tree(a=text) / "a.py"
    before = resolve(path).to_dict()
    _, config = _migrated(path, replace(class_map, modules=HOME), packages)
    ours = "my_project.models.MyRetinaNet" if default == "mine" else "MyRetinaNet"
    assert config["model"]["type"] == ours
    assert config["model"]["_scope_"] == "mmdet"
    for key in ("train_dataloader", "optim_wrapper", "default_hooks", "param_scheduler"):
        assert same(config[key], before[key])
