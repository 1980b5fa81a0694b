"""Dicts with a ``type`` that a class of the project may read itself, and those that are built."""

from __future__ import annotations

import pytest
from mmscaffold.check import Settings, check_paths, find_rule

OWN = """
from mmdet.evaluation import CocoMetric
from mmdet.models import FPN, RetinaNet
from mmdet.datasets.transforms import Resize
from mmdet.registry import HOOKS, METRICS, MODELS, TRANSFORMS
from mmengine.hooks import Hook


@MODELS.register_module()
class OwnNet(RetinaNet): ...
@MODELS.register_module()
class OwnNeck(FPN): ...
@TRANSFORMS.register_module()
class OwnResize(Resize): ...
@METRICS.register_module()
class OwnMetric(CocoMetric): ...
@HOOKS.register_module()
class OwnHook(Hook): ...
"""
CONFIG = """
custom_imports = dict(imports=['own'])
default_scope = 'mmdet'
model = {model}
train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=[{transform}]))
val_evaluator = {metric}
custom_hooks = [{hook}]
"""
SOUND = {
    "model": "dict(type='OwnNet')",
    "transform": "dict(type='OwnResize')",
    "metric": "dict(type='OwnMetric')",
    "hook": "dict(type='OwnHook')",
}


def named(tmp_path, imports: str = "custom_imports = dict(imports=['own'])", **parts: str):
    (tmp_path / "own.py").write_text(OWN)
    file = tmp_path / "config.py"
    text = CONFIG.format(**{**SOUND, **parts})
    file.write_text(text.replace("custom_imports = dict(imports=['own'])", imports))
    rules = (find_rule("MMS129"), find_rule("MMS139"))
    findings = check_paths([file], Settings(rules)).findings
    return [one.diagnostic.message.split("'")[1] for one in findings]


@pytest.mark.parametrize(
    "parts",
    [
        {"model": "dict(type='OwnNet', schedule=dict(type='UDA', start=0))"},
        {"model": "dict(type='OwnNet', distill=dict(loss=dict(type='UDA')))"},
        {"model": "dict(type='OwnNet', train_cfg=dict(detector_cfg=dict(type='UDA')))"},
        {"model": "dict(type='OwnNet', test_cfg=dict(modes=[dict(type='UDA')]))"},
        {"model": "dict(type='RetinaNet', neck=dict(type='OwnNeck', cell=dict(type='UDA')))"},
        {"model": "dict(type='OwnNet', mode=dict(type='UDA', after=dict(type='SoftTeacherX')))"},
        {"model": "dict(type='OwnNet', encoder=dict(cell_cfg=dict(type='UDA')))"},
        {"transform": "dict(type='OwnResize', policy=dict(type='UDA'))"},
        {"metric": "dict(type='OwnMetric', match=dict(type='UDA'))"},
        {"hook": "dict(type='OwnHook', ramp=dict(type='UDA'))"},
    ],
)
def test_a_class_of_the_project_may_read_its_dicts_itself(tmp_path, parts):
    assert named(tmp_path, **parts) == []


@pytest.mark.parametrize(
    "model",
    [
        "dict(type='OwnNet', backbone=dict(type='UDA'))",
        "dict(type='OwnNet', rpn_head=dict(type='UDA'))",
        "dict(type='OwnNet', bbox_head=dict(loss_cls=dict(type='UDA')))",
        "dict(type='OwnNet', heads=[dict(type='UDA')])",
        "dict(type='OwnNet', heads=dict(first=dict(type='UDA')))",
        "dict(type='OwnNet', data_preprocessor=dict(type='UDA'))",
        "dict(type='OwnNet', train_cfg=dict(rcnn=dict(sampler=dict(type='UDA'))))",
        "dict(type='OwnNet', mode=dict(type='SoftTeacherX', neck=dict(type='UDA')))",
        # The packages have no class that reads a choice so.
        "dict(type='RetinaNet', schedule=dict(type='UDA'))",
        "dict(type='OwnNet', backbone=dict(type='ResNet', mode=dict(type='UDA')))",
    ],
)
def test_what_is_built_in_any_class_is_looked_up(tmp_path, model):
    assert named(tmp_path, model=model) == ["UDA"]


def test_below_a_class_that_is_nowhere_only_that_one_is_told(tmp_path):
    model = "dict(type='RetinaNet', neck=dict(type='FarNeck', cell=dict(type='UDA')))"
    assert named(
        tmp_path,
        imports="",
        **{
            "model": model,
            "transform": "dict(type='Resize', scale=(2, 2))",
            "metric": "dict(type='CocoMetric')",
            "hook": "dict(type='IterTimerHook')",
        },
    ) == ["FarNeck"]
